using Hapi.Agents;

namespace Hapi.Session.Prompts;

/// <summary>What the agent gets in one turn: one prompt, or several of the same mode that waited together.</summary>
internal sealed record PromptBatch(IReadOnlyList<Prompt> Prompts)
{
    public PromptMode Mode => Prompts[0].Mode;

    /// <summary>Attached files first, then the texts, a line between two of them. Images go along as such.</summary>
    public AgentPrompt ForAgent(Action onGiven)
    {
        var attachments = Prompts.SelectMany(p => p.Attachments).ToList();
        var files = string.Join(' ', attachments.Where(a => !IsImage(a)).Select(a => "@" + a.Path));
        var text = string.Join('\n', Prompts.Select(p => p.Text).Where(t => t.Length > 0));
        var whole = (files.Length, text.Length) switch
        {
            (0, _) => text,
            (_, 0) => files,
            _ => $"{files}\n\n{text}",
        };
        return new AgentPrompt(whole, [.. attachments.Where(IsImage)], onGiven);
    }

    private static bool IsImage(PromptAttachment attachment) => attachment.MimeType.StartsWith("image/", StringComparison.Ordinal);
}
