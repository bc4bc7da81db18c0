using System.Text.Json.Nodes;

namespace Hapi.Agents.Claude;

/// <summary>Writes a prompt as Claude Code's user line.</summary>
internal static class ClaudePrompts
{
    /// <summary>The model service takes 5 MiB of base64 an image.</summary>
    private const long MaxImageBytes = 5 * 1024 * 1024 / 4 * 3;

    /// <param name="id">Names the prompt in what Claude Code says of it.</param>
    public static async Task<JsonObject> LineAsync(string id, AgentPrompt prompt, CancellationToken cancellationToken)
    {
        var images = new List<JsonObject>();
        var mentions = new List<string>();
        foreach (var attachment in prompt.Attachments ?? [])
        {
            if (await ImageAsync(attachment, cancellationToken) is { } image)
            {
                images.Add(image);
            }
            else
            {
                mentions.Add($"@{attachment.Path}");
            }
        }

        var content = new JsonArray();
        string[] parts = [string.Join(' ', mentions), prompt.Text];
        if (string.Join("\n\n", parts.Where(part => part.Length > 0)) is { Length: > 0 } text)
        {
            content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });
        }

        foreach (var image in images)
        {
            content.Add((JsonNode)image);
        }

        return new JsonObject
        {
            ["type"] = "user",
            ["uuid"] = id,
            ["session_id"] = "",
            ["parent_tool_use_id"] = null,
            ["message"] = new JsonObject { ["role"] = "user", ["content"] = content },
        };
    }

    private static async Task<JsonObject?> ImageAsync(PromptAttachment attachment, CancellationToken cancellationToken)
    {
        if (attachment.MimeType is not ("image/png" or "image/jpeg" or "image/gif" or "image/webp"))
        {
            return null;
        }

        try
        {
            if (new FileInfo(attachment.Path).Length is 0 or > MaxImageBytes)
            {
                return null;
            }

            var bytes = await File.ReadAllBytesAsync(attachment.Path, cancellationToken);
            return new JsonObject
            {
                ["type"] = "image",
                ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = attachment.MimeType, ["data"] = Convert.ToBase64String(bytes) },
            };
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Mentioned by its path, it is the agent who finds out and says so.
            return null;
        }
    }
}
