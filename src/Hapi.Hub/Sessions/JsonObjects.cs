using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Hub.Sessions;

/// <summary>Stored documents (metadata, agent state) as objects that may be changed. Members we do not know are kept.</summary>
internal static class JsonObjects
{
    /// <summary>What is no object reads as an empty one.</summary>
    public static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static JsonObject Parse(RawJson json) => Parse(json.ToString());

    public static JsonNode? Node(RawJson json) => JsonNode.Parse(json.Utf8.Span);

    public static RawJson Raw(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

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

    public static string? Text(this JsonObject from, string key) => from[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
