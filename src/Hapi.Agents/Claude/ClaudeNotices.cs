using System.Text.Json;

namespace Hapi.Agents.Claude;

/// <summary>What Claude Code says about the session rather than in it.</summary>
/// <param name="sessionId">The conversation that was resumed.</param>
/// <param name="mode">The permission mode it was started in.</param>
internal sealed class ClaudeNotices(string? sessionId, string? mode)
{
    private string? _sessionId = sessionId;
    private volatile string? _model;
    private IReadOnlyList<string> _commands = [];
    private (string?, long?, string?) _limit;
    private volatile string? _mode = mode;

    /// <summary>The session itself has chosen this mode: its echo is no news. Gives the one before.</summary>
    public string? ModeChosen(string? mode) => Interlocked.Exchange(ref _mode, mode);

    /// <summary>The session itself has chosen another model.</summary>
    public void ModelChosen() => _model = null;

    public void CommandsKnown(IReadOnlyList<string> commands) => _commands = commands;

    public void Initialised(JsonElement line, List<ClaudeStep> steps)
    {
        Identified(line.Text("session_id"), steps);
        ModeIs(line.Text("permissionMode"), steps);
        if (line.Text("model") is { } model)
        {
            if (_model is not null && _model != model)
            {
                steps.Add(new Settled(new ConfigChanged(null, model, null)));
            }

            _model = model;
        }

        var commands = line.Texts("slash_commands").ToList();
        if (commands.Count > 0 && !_commands.ToHashSet().SetEquals(commands))
        {
            _commands = commands;
            steps.Add(new Settled(new SlashCommandsChanged(commands)));
        }
    }

    public void Identified(string? sessionId, List<ClaudeStep> steps)
    {
        if (!string.IsNullOrEmpty(sessionId) && sessionId != _sessionId)
        {
            _sessionId = sessionId;
            steps.Add(new Settled(new NativeSessionChanged(sessionId)));
        }
    }

    public void Status(JsonElement line, List<ClaudeStep> steps)
    {
        ModeIs(line.Text("permissionMode"), steps);
        if (line.Text("status") is "compacting")
        {
            steps.Add(new Settled(new Noted("Compaction started")));
        }
        else if (line.Text("compact_result") is "failed")
        {
            steps.Add(new Settled(new Noted($"Compaction failed: {line.Text("compact_error") ?? "no reason was given"}")));
        }
    }

    public static AgentEvent Retry(JsonElement line)
    {
        var error = line.Text("error") ?? "The model service did not answer";
        return new RetryAnnounced(
            (int)(line.Number("attempt") ?? 1),
            (int)(line.Number("max_retries") ?? 0),
            (int?)line.Number("retry_delay_ms"),
            line.Number("error_status") is { } status ? $"{error} ({status})" : error);
    }

    public void Limit(JsonElement line, List<ClaudeStep> steps)
    {
        var info = line.At("rate_limit_info");
        var (status, resets, kind) = (info.Text("status"), info.Number("resetsAt"), info.Text("rateLimitType"));
        if (status is not ("rejected" or "allowed_warning") || _limit == (status, resets, kind))
        {
            return;
        }

        _limit = (status, resets, kind);
        double? utilization = info.At("utilization") is { ValueKind: JsonValueKind.Number } share ? share.GetDouble() : null;
        steps.Add(new Settled(new UsageLimit(status is "rejected", When(resets), kind, utilization)));
    }

    public static AgentEvent Compacted(JsonElement line) =>
        new ContextCompacted(line.At("compact_metadata").Text("trigger"), line.At("compact_metadata").Number("pre_tokens"));

    private void ModeIs(string? mode, List<ClaudeStep> steps)
    {
        if (mode is null)
        {
            return;
        }

        mode = ClaudeModes.Canonical(mode);
        if (Interlocked.Exchange(ref _mode, mode) is { } before && before != mode)
        {
            steps.Add(new Settled(new ConfigChanged(mode, null, null)));
        }
    }

    /// <summary>Seconds since 1970, or milliseconds where the number is too large for seconds.</summary>
    private static DateTimeOffset? When(long? number) => number switch
    {
        > 0 and < 100_000_000_000 and var seconds => DateTimeOffset.FromUnixTimeSeconds(seconds),
        >= 100_000_000_000 and < 100_000_000_000_000 and var milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
        _ => null,
    };
}
