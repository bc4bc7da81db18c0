using System.Text.Json;

namespace Hapi.Agents.Acp.Updates;

/// <summary>The text of one content block of a chunk.</summary>
internal static class ChunkText
{
    public static string? Read(JsonElement content) => content.Text("type") switch
    {
        "text" or null => content.Text("text"),
        "resource_link" when content.Words("uri") is { } uri => $"[{content.Words("title") ?? content.Words("name") ?? uri}]({uri})",
        "resource" => (content.Object("resource") ?? default).Text("text"),
        "image" or "audio" => $"\n\n*({content.Text("type")}, {content.Words("mimeType") ?? "unknown type"})*\n\n",
        _ => null,
    };
}
