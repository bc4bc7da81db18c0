using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hapi.Contracts;

/// <summary>
/// One JSON value kept as its UTF-8 bytes: carried on, never interpreted. Readers that need its members parse it then.
/// The bytes are owned by this value; <see langword="default"/> is JSON <c>null</c>.
/// </summary>
[JsonConverter(typeof(RawJsonConverter))]
public readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    private static readonly byte[] s_null = "null"u8.ToArray();
    private readonly ReadOnlyMemory<byte> _utf8 = utf8;

    public ReadOnlyMemory<byte> Utf8 => _utf8.IsEmpty ? s_null : _utf8;

    public bool IsNull => Utf8.Span.SequenceEqual("null"u8);

    /// <summary>Takes the text as it is; it must be valid JSON.</summary>
    public static RawJson Parse(string json)
    {
        using var check = JsonDocument.Parse(json);
        return new RawJson(System.Text.Encoding.UTF8.GetBytes(json));
    }

    public JsonElement ToElement() => JsonElement.Parse(Utf8.Span);

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Utf8.Span);

    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);
}

internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override bool HandleNull => true;

    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return default;
        }

        using var value = JsonDocument.ParseValue(ref reader);
        return new RawJson(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value.RootElement).ToArray());
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
