using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hapi.ModelServer.Conversations;

/// <summary>Finds what a person typed between the notes that agents add to a prompt.</summary>
internal static partial class PromptText
{
    /// <summary>The person's words, or <see langword="null"/> when the whole text is the agent's own.</summary>
    public static string? OfPerson(string text)
    {
        var rest = Notes().Replace(text, "").Trim();
        return rest.Length == 0 || AgentsOwn().IsMatch(rest) ? null : rest;
    }

    /// <summary>The text of a content value: a string, or a list of parts.</summary>
    public static string Of(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(Of)),
        JsonValueKind.Object => Of(content, "text", "content", "output"),
        _ => "",
    };

    private static string Of(JsonElement part, params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            if (part.TryGetProperty(member, out var value))
            {
                return Of(value);
            }
        }

        return "";
    }

    [GeneratedRegex(
        @"<(?<tag>system-reminder|system_reminder|reminder|session_context|environment_context|environment_details|startup_context|context|current_datetime|git_status|"
        + @"user_instructions|custom_instruction|agent_instructions|permissions instructions|INSTRUCTIONS|collaboration_mode|skills_instructions|sql_tables)\b[^>]*>.*?</\k<tag>>",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Notes();

    [GeneratedRegex("^(# AGENTS\\.md|This is the (Gemini|Qwen)|Here is the user's editor)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AgentsOwn();
}
