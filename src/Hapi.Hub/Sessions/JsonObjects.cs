using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Hub.Sessions;

/// <summary>Stored documents (metadata, agent state) as objects that may be changed. Members we do not know are kept.</summary>
internal static class JsonObjects
{
    // Documents nest what facts carry, so they may be deeper than a fact.
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 512, AllowDuplicateProperties = false };

    // Nothing here is ever put into a page unescaped: plain letters of every language stay what they are.
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is no object reads as an empty one.</summary>
    public static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: s_strict) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static JsonObject Parse(RawJson json) => Parse(json.ToString());

    /// <exception cref="JsonException">It names a member twice, or nests too deeply.</exception>
    public static JsonNode? Node(RawJson json) => JsonNode.Parse(json.Utf8.Span, documentOptions: s_strict);

    public static string Text(JsonNode node) => Encoding.UTF8.GetString(Bytes(node).Span);

    public static RawJson Raw(JsonNode node) => new(Bytes(node));

    public static RawJson Raw(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Sets and removes members; an explicit null removes too.</summary>
    public static void Patch(JsonObject target, IReadOnlyDictionary<string, RawJson>? set, IReadOnlyList<string>? remove)
    {
        foreach (var (key, value) in set ?? new Dictionary<string, RawJson>())
        {
            if (value.IsNull)
            {
                target.Remove(key);
            }
            else
            {
                target[key] = Node(value);
            }
        }

        foreach (var key in remove ?? [])
        {
            target.Remove(key);
        }
    }

    private static ReadOnlyMemory<byte> Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string? Text(this JsonObject from, string key) => from[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
