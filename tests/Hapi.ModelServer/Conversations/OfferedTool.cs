using System.Text.Json;

namespace Hapi.ModelServer.Conversations;

/// <summary>A tool that the agent offers in its request.</summary>
/// <param name="Schema">Of its arguments; undefined where the API has none.</param>
public sealed record OfferedTool(string Name, JsonElement Schema)
{
    /// <summary>The argument's schema, or <see langword="null"/> when there is no such argument.</summary>
    public JsonElement? Argument(string name) =>
        Schema.ValueKind is JsonValueKind.Object && Schema.TryGetProperty("properties", out var all) && all.ValueKind is JsonValueKind.Object
        && all.TryGetProperty(name, out var argument) ? argument : null;

    public IEnumerable<string> Required =>
        Schema.ValueKind is JsonValueKind.Object && Schema.TryGetProperty("required", out var names) && names.ValueKind is JsonValueKind.Array
            ? names.EnumerateArray().Select(n => n.GetString()!) : [];
}
