using System.Runtime.InteropServices;
using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Claude;

/// <summary>Reads members of lines that promise nothing: what is missing, or is of another type, is simply not there.</summary>
internal static class ClaudeJson
{
    public static JsonElement At(this JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement from, string name) =>
        from.At(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement from, string name) => from.At(name).ValueKind is JsonValueKind.True;

    public static long? Number(this JsonElement from, string name) =>
        from.At(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number is >= long.MinValue and < long.MaxValue ? (long)number : null;

    public static decimal? Amount(this JsonElement from, string name) =>
        from.At(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var amount) ? amount : null;

    public static IEnumerable<JsonElement> Items(this JsonElement from, string name) =>
        from.At(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement from, string name) =>
        from.Items(name).Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!);

    public static IEnumerable<JsonProperty> Members(this JsonElement from) =>
        from.ValueKind is JsonValueKind.Object ? from.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>The bytes of the value, copied; <c>{}</c> where there is none.</summary>
    public static RawJson Raw(this JsonElement value) =>
        new(value.ValueKind is JsonValueKind.Undefined ? "{}"u8.ToArray() : JsonMarshal.GetRawUtf8Value(value).ToArray());
}
