using System.Text.Json;

namespace Hapi.Agents.Acp;

/// <summary>Reads members of what agents send. Total: a member that is missing or of another type is simply absent.</summary>
internal static class AcpFields
{
    public static string? Text(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A text with something in it.</summary>
    public static string? Words(this JsonElement from, string name) => from.Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    public static long? Number(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue ? (long)number : null;

    public static bool Flag(this JsonElement from, string name) => from.Member(name) is { ValueKind: JsonValueKind.True };

    public static JsonElement? Object(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement from, string name) =>
        from.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static JsonElement? Member(this JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;
}
