using System.Text.Json;

namespace Hapi.Agents.Claude;

/// <summary>
/// Translates Claude Code's lines, one after another, into what they mean. Pure: no clock, no process, nobody is asked. Lines of unknown
/// types mean nothing.
/// </summary>
internal sealed class ClaudeTranslator(string? sessionId = null, string? mode = null)
{
    private const string Interrupted = "[Request interrupted by user";
    private readonly ClaudeTexts _texts = new();
    private readonly ClaudeRuns _runs = new();
    private readonly ClaudeUsage _usage = new();
    private bool _interrupted;
    private string? _lastError;
    private bool _initialised;

    public ClaudeNotices Notices { get; } = new(sessionId, mode);

    public ClaudeCalls Calls { get; } = new();

    public IReadOnlyList<ClaudeStep> Translate(JsonElement line)
    {
        var steps = new List<ClaudeStep>();
        var run = line.Text("parent_tool_use_id");
        switch (line.Text("type"))
        {
            case "assistant":
                Assistant(line, run, steps);
                break;
            case "user":
                User(line, run, steps);
                break;
            case "stream_event":
                Streamed(line.At("event"), run, steps);
                break;
            case "system":
                System(line, steps);
                break;
            case "result":
                Result(line, steps);
                break;
            case "rate_limit_event":
                Notices.Limit(line, steps);
                break;
            case "conversation_reset":
                steps.Add(new Settled(new Noted("Context was reset")));
                break;
            case "command_lifecycle" when line.Text("command_uuid") is { } prompt:
                Lifecycle(prompt, line.Text("state"), steps);
                break;
        }

        return steps;
    }

    /// <summary>The program is gone: what was open is closed with the reason.</summary>
    public IReadOnlyList<ClaudeStep> Abandon(string why)
    {
        var steps = new List<ClaudeStep>();
        _texts.EndAll(steps);
        Calls.Abandon(why, steps);
        _runs.Abandon(why, steps);
        return steps;
    }

    private void Assistant(JsonElement line, string? run, List<ClaudeStep> steps)
    {
        var message = line.At("message");
        if (line.Flag("is_api_error_message") || line.Flag("isApiErrorMessage"))
        {
            // The result says it again; it must not show twice.
            var error = string.Join("\n", message.Items("content").Select(block => block.Text("text")).Where(text => text is not null));
            if (run is not null)
            {
                steps.Add(new Settled(new ErrorReported(ClaudeOutcome.Sentence(error)) { Run = run }));
            }
            else
            {
                _lastError = error;
            }

            return;
        }

        if (run is not null)
        {
            _runs.Heard(line, run, Calls, steps);
        }
        else
        {
            _usage.Answered(message);
        }

        var id = message.Text("id") ?? line.Text("uuid") ?? "";
        foreach (var block in message.Items("content"))
        {
            if (!_texts.Settle(block, id, run, steps) && !Calls.Called(block, run, steps))
            {
                Returned(line, block, run, steps);
            }
        }
    }

    private void User(JsonElement line, string? run, List<ClaudeStep> steps)
    {
        // A replayed line is our own, come back.
        if (line.Flag("isReplay"))
        {
            return;
        }

        foreach (var block in line.At("message").Items("content"))
        {
            Returned(line, block, run, steps);
            _interrupted |= run is null && block.Text("text")?.StartsWith(Interrupted, StringComparison.Ordinal) is true;
        }
    }

    private void Returned(JsonElement line, JsonElement block, string? run, List<ClaudeStep> steps)
    {
        if (Calls.Returned(block, run, steps) is { } call)
        {
            _runs.Returned(call, line, block, steps);
        }
    }

    private void Streamed(JsonElement chunk, string? run, List<ClaudeStep> steps)
    {
        if (run is null)
        {
            switch (chunk.Text("type"))
            {
                case "message_start":
                    _usage.Answered(chunk.At("message"));
                    break;
                case "message_delta":
                    _usage.Counted(chunk.At("usage"));
                    break;
            }
        }

        _texts.Streamed(chunk, run, steps);
    }

    private void System(JsonElement line, List<ClaudeStep> steps)
    {
        switch (line.Text("subtype"))
        {
            case "init":
                (_initialised, _interrupted, _lastError) = (true, false, null);
                Notices.Initialised(line, steps);
                steps.Add(new TurnBegan(null));
                break;
            case "status":
                Notices.Status(line, steps);
                break;
            case "api_retry":
                steps.Add(new Settled(ClaudeNotices.Retry(line)));
                break;
            case "compact_boundary":
                steps.Add(new Settled(ClaudeNotices.Compacted(line)));
                break;
            case "task_started":
                _runs.Started(line, Calls, steps);
                break;
            case "task_progress":
                _runs.Progressed(line, steps);
                break;
            case "task_notification":
                _runs.Announced(line, steps);
                break;
            case "local_command_output" when line.Text("content") is { Length: > 0 } output:
                steps.Add(new Settled(new TextSettled($"{line.Text("uuid")}:0", output)));
                break;
            case "session_title_changed" when line.Text("title") is { Length: > 0 } title:
                steps.Add(new Settled(new TitleChanged(title, Fallback: false)));
                break;
            case "model_fallback" or "model_refusal_fallback" when line.Text("content") is { Length: > 0 } note:
                steps.Add(new Settled(new Noted(note)));
                break;
            case "informational" when line.Text("level") is "warning" && line.Text("content") is { Length: > 0 } warning:
                steps.Add(new Settled(new Noted(warning)));
                break;
        }
    }

    private void Result(JsonElement line, List<ClaudeStep> steps)
    {
        _texts.EndAll(steps);
        // A refused start names a conversation that was never opened.
        if (_initialised)
        {
            Notices.Identified(line.Text("session_id"), steps);
        }

        _usage.Ended(line, steps);
        var origin = line.At("origin").Text("kind");
        steps.Add(new TurnEnded(ClaudeOutcome.Of(line, _interrupted, _lastError), Asked: origin is null or "human"));
        (_interrupted, _lastError) = (false, null);
    }

    private static void Lifecycle(string prompt, string? state, List<ClaudeStep> steps)
    {
        switch (state)
        {
            case "queued":
                steps.Add(new PromptTaken(prompt));
                break;
            case "started":
                steps.Add(new TurnBegan(prompt));
                break;
            case "cancelled":
                steps.Add(new PromptDropped(prompt, new TurnResult(TurnEnd.Aborted)));
                break;
            case "discarded" or "refused":
                steps.Add(new PromptDropped(prompt, new TurnResult(TurnEnd.Failed, "Claude Code did not take the message.")));
                break;
        }
    }
}
