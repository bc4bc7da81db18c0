using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hapi.Agents.Acp.Updates;

/// <summary>ACP has no field for a tool's name. Where an agent gives it away it is used; otherwise the kind names the tool, and at last the title.</summary>
internal static partial class ToolNames
{
    /// <summary>The tool's own name, as far as this message gives it away.</summary>
    public static string? Own(string callId, JsonElement call, bool isFirst)
    {
        var meta = call.Object("_meta") ?? default;
        if ((meta.Object("claudeCode") ?? default).Words("toolName") is { } claude)
        {
            return claude;
        }

        if ((meta.Words("toolName") ?? call.Words("name")) is { } named)
        {
            return named;
        }

        // codex-acp and its MCP tools.
        if (call.Object("rawInput") is { } input && input.Words("server") is { } server && input.Words("tool") is { } tool)
        {
            return $"mcp__{server}__{tool}";
        }

        // Gemini: "<tool>__<tool>_<time>_<n>" is the id of its calls.
        if (callId.IndexOf("__", StringComparison.Ordinal) is var cut and > 0 && callId.AsSpan(cut + 2).StartsWith(callId.AsSpan(0, cut)))
        {
            return call.Text("title") is { } title && GeminiMcp().Match(title) is { Success: true } mcp ? $"mcp__{mcp.Groups["server"].Value}__{mcp.Groups["tool"].Value}" : callId[..cut];
        }

        // The first title of a call is often the bare name (OpenCode, Kimi, the demo agent); later ones describe.
        return isFirst && call.Text("title") is { } first && Identifier().IsMatch(first) ? first : null;
    }

    public static string OfKind(string? kind, string? title, bool createsFile) => kind switch
    {
        "read" => "Read",
        "edit" => createsFile ? "Write" : "Edit",
        "delete" => "Delete",
        "move" => "Move",
        "search" => "Search",
        "execute" => "Bash",
        "think" => "Think",
        "fetch" => "WebFetch",
        "switch_mode" => "ExitPlanMode",
        _ => string.IsNullOrWhiteSpace(title) ? "Tool" : title,
    };

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.:-]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(?<tool>\S+) \((?<server>\S+) MCP Server\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex GeminiMcp();
}
