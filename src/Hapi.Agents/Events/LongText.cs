using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Events;

/// <summary>Cuts strings that are too long to be stored: the beginning and the end stay, the middle says how much is gone. Cutting twice changes nothing.</summary>
public static class LongText
{
    private const int Head = 49_152, Tail = 12_288;
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Cut(string text)
    {
        if (text.Length <= LinkLimits.MaxAgentStringLength)
        {
            return text;
        }

        // Never between the two halves of one character.
        var head = char.IsHighSurrogate(text[Head - 1]) ? Head - 1 : Head;
        var tail = char.IsLowSurrogate(text[^Tail]) ? Tail - 1 : Tail;
        return $"{text.AsSpan(0, head)}\n…[hapi: truncated {text.Length - head - tail} chars]…\n{text.AsSpan(text.Length - tail)}";
    }

    /// <summary>Cuts every string inside the value.</summary>
    public static RawJson Cut(RawJson value)
    {
        // A string of so many UTF-16 units has at least as many bytes.
        if (value.Utf8.Length <= LinkLimits.MaxAgentStringLength)
        {
            return value;
        }

        var buffer = new ArrayBufferWriter<byte>(LinkLimits.MaxAgentStringLength);
        using (var w = new Utf8JsonWriter(buffer, s_options))
        {
            Write(w, value.ToElement());
        }

        return new RawJson(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter w, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                w.WriteStringValue(Cut(value.GetString()!));
                break;
            case JsonValueKind.Object:
                w.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    w.WritePropertyName(member.Name);
                    Write(w, member.Value);
                }

                w.WriteEndObject();
                break;
            case JsonValueKind.Array:
                w.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(w, item);
                }

                w.WriteEndArray();
                break;
            default:
                value.WriteTo(w);
                break;
        }
    }
}
