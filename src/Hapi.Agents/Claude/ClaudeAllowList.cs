using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hapi.Agents.Claude;

/// <summary>
/// What a person has allowed for the whole session: a tool (<c>Edit</c>), one literal command (<c>Bash(git status)</c>), or a prefix
/// (<c>Bash(git:*)</c>). Prefixes are left to Claude Code's own rules, which know where one command ends and the next begins.
/// </summary>
internal sealed class ClaudeAllowList
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _tools = [];
    private readonly HashSet<string> _commands = [];

    /// <summary>Questions to a person are never answered for them.</summary>
    public static bool MayHold(string tool) => tool is not ("AskUserQuestion" or "ExitPlanMode");

    public bool Covers(string tool, JsonElement input)
    {
        lock (_gate)
        {
            return MayHold(tool) && (_tools.Contains(tool) || (tool is "Bash" && input.Text("command") is { } command && _commands.Contains(command)));
        }
    }

    /// <summary>Remembers one entry. Gives the rule for Claude Code, <see langword="null"/> when the entry is none.</summary>
    public JsonObject? Remember(string entry)
    {
        var open = entry.IndexOf('(', StringComparison.Ordinal);
        var (tool, content) = open > 0 && entry.EndsWith(')') ? (entry[..open], entry[(open + 1)..^1]) : (entry, null);
        if (tool.Length == 0 || !MayHold(tool))
        {
            return null;
        }

        if (content is null)
        {
            lock (_gate)
            {
                _tools.Add(tool);
            }

            return new JsonObject { ["toolName"] = tool };
        }

        if (tool is "Bash" && !content.EndsWith('*'))
        {
            lock (_gate)
            {
                _commands.Add(content);
            }
        }

        return new JsonObject { ["toolName"] = tool, ["ruleContent"] = content };
    }

    /// <summary>A new conversation has not been allowed anything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _tools.Clear();
            _commands.Clear();
        }
    }
}
