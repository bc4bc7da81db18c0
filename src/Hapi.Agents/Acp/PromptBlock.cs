namespace Hapi.Agents.Acp;

/// <summary>A part of a prompt: text, or an image with its bytes.</summary>
internal sealed record PromptBlock(string Text, PromptImage? Image = null)
{
    private const long MaxImageBytes = 10 << 20;

    /// <summary>
    /// Images go as images where the agent takes them; everything else is named as <c>@path</c> before the text, for the agent to read.
    /// </summary>
    public static async Task<IReadOnlyList<PromptBlock>> OfAsync(AgentPrompt prompt, bool takesImages, CancellationToken cancellationToken)
    {
        var (images, paths) = (new List<PromptBlock>(), new List<string>());
        foreach (var attachment in prompt.Attachments ?? [])
        {
            if (takesImages && await ReadAsync(attachment, cancellationToken) is { } image)
            {
                images.Add(new PromptBlock("", image));
            }
            else
            {
                paths.Add($"@{attachment.Path}");
            }
        }

        var text = paths.Count == 0 ? prompt.Text : $"{string.Join(' ', paths)}\n\n{prompt.Text}";
        return text.Length == 0 && images.Count > 0 ? images : [new PromptBlock(text), .. images];
    }

    private static async Task<PromptImage?> ReadAsync(PromptAttachment attachment, CancellationToken cancellationToken)
    {
        if (!attachment.MimeType.StartsWith("image/", StringComparison.Ordinal) || attachment.Size > MaxImageBytes)
        {
            return null;
        }

        try
        {
            var bytes = await File.ReadAllBytesAsync(attachment.Path, cancellationToken);
            return bytes.Length is > 0 and <= (int)MaxImageBytes ? new PromptImage(attachment.MimeType, bytes) : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The agent gets the path and says itself that the file is not there.
            return null;
        }
    }
}

internal sealed record PromptImage(string MimeType, ReadOnlyMemory<byte> Bytes);
