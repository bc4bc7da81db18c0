using System.Text.Json;
using Hapi.Agents;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Session.Prompts;

/// <summary>One message of a person, as the agent will get it.</summary>
/// <param name="CommandId">Under which the inbox remembers it.</param>
/// <param name="Isolated">Goes to the agent alone, never joined with others (a command of the agent itself).</param>
internal sealed record Prompt(string CommandId, string MessageId, string LocalId, string Text, IReadOnlyList<PromptAttachment> Attachments, PromptMode Mode, bool Isolated)
{
    /// <summary>Reads the body of a <c>message</c> or <c>message.retry</c> command; <see langword="null"/> when it is none.</summary>
    public static Prompt? Read(string commandId, RawJson body, PromptMode mode)
    {
        try
        {
            var command = JsonSerializer.Deserialize(body.Utf8.Span, LinkJson.Default.MessageCommand);
            if (command is null || string.IsNullOrEmpty(command.MessageId) || !command.Content.ToElement().TryGetProperty("content", out var content))
            {
                return null;
            }

            var text = content.ValueKind is JsonValueKind.String ? content.GetString()! : Member(content, "text") ?? "";
            var files = content.ValueKind is JsonValueKind.Object && content.TryGetProperty("attachments", out var all) && all.ValueKind is JsonValueKind.Array
                ? all.EnumerateArray().Where(a => Member(a, "path") is not null).Select(Attachment).ToList()
                : [];
            var trimmed = text.Trim();
            var isolated = trimmed is "/clear" or "/compact" || trimmed.StartsWith("/compact ", StringComparison.Ordinal);
            return new Prompt(commandId, command.MessageId, command.LocalId ?? command.MessageId, text, files, mode, isolated);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static PromptAttachment Attachment(JsonElement a) => new(
        Member(a, "path")!, Member(a, "filename") ?? Path.GetFileName(Member(a, "path")!), Member(a, "mimeType") ?? "application/octet-stream",
        a.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) ? bytes : 0);

    private static string? Member(JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
