using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Claude;

/// <summary>
/// Sub-agents, each under the call that started it. One that works in the foreground ends with the result of its call; one in the background
/// returns at once and is announced when it is done.
/// </summary>
internal sealed class ClaudeRuns
{
    private readonly Dictionary<string, string?> _open = [];
    private readonly HashSet<string> _closed = [];

    /// <summary>A task has started. Shells are tasks too; only agents have a card.</summary>
    public void Started(JsonElement line, ClaudeCalls calls, List<ClaudeStep> steps)
    {
        var kind = line.Text("task_type") ?? "local_agent";
        if (line.Text("tool_use_id") is { } card && (kind.EndsWith("agent", StringComparison.Ordinal) || kind.EndsWith("workflow", StringComparison.Ordinal)))
        {
            Open(card, line.Text("description"), calls, steps);
        }
    }

    /// <summary>Something was said inside a sub-agent; it may not have been announced.</summary>
    public void Heard(JsonElement line, string card, ClaudeCalls calls, List<ClaudeStep> steps)
    {
        if (!_closed.Contains(card))
        {
            Open(card, line.Text("task_description"), calls, steps);
        }
    }

    public void Progressed(JsonElement line, List<ClaudeStep> steps)
    {
        if (line.Text("tool_use_id") is { } card && _open.TryGetValue(card, out var run)
            && (line.Text("summary") ?? line.Text("description") ?? line.Text("last_tool_name")) is { Length: > 0 } activity)
        {
            steps.Add(new Settled(new RunUpdated(card, "running", activity) { Run = run }));
        }
    }

    public void Announced(JsonElement line, List<ClaudeStep> steps)
    {
        if (line.Text("tool_use_id") is { } card)
        {
            var said = line.Text("summary");
            Close(card, line.Text("status") switch { "failed" => "failed", "stopped" or "killed" => "canceled", _ => "completed" }, said, steps);
        }
    }

    public void Returned(ClaudeCalls.Call call, JsonElement line, JsonElement block, List<ClaudeStep> steps)
    {
        var detail = line.At("tool_use_result");
        if (!detail.Flag("isAsync") && detail.Text("status") is not "async_launched")
        {
            Close(call.Id, block.Flag("is_error") ? "failed" : "completed", Said(block.At("content")), steps);
        }
    }

    /// <summary>The program is gone, and its sub-agents with it.</summary>
    public void Abandon(string why, List<ClaudeStep> steps)
    {
        foreach (var card in _open.Keys.ToList())
        {
            Close(card, "canceled", why, steps);
        }
    }

    private void Open(string card, string? description, ClaudeCalls calls, List<ClaudeStep> steps)
    {
        if (_open.ContainsKey(card))
        {
            return;
        }

        // An agent that is sent another message works again, on the card of that call.
        _closed.Remove(card);
        var call = calls.Open(card);
        _open[card] = call?.Run;
        steps.Add(new Settled(new RunStarted(card, call?.Input ?? RawJson.Parse("{}"), description) { Run = call?.Run }));
    }

    private void Close(string card, string status, string? said, List<ClaudeStep> steps)
    {
        if (!_open.Remove(card, out var run))
        {
            return;
        }

        _closed.Add(card);
        var failed = status is not "completed";
        steps.Add(new Settled(new RunUpdated(card, status, Result: failed ? null : said, Error: failed ? said : null) { Run = run }));
    }

    private static string? Said(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString(),
        JsonValueKind.Array => string.Join("\n", content.EnumerateArray().Select(part => part.Text("text")).Where(text => text is not null)),
        _ => null,
    };
}
