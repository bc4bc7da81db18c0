using System.Text.Json;

namespace Hapi.Agents.Acp.Updates;

/// <summary>
/// Turns <c>session/update</c>s into events. Text and thoughts gather until another kind of thing begins. It does nothing else: no clock, no input or output.
/// </summary>
/// <param name="newId">Makes ids of streams, unique beyond this process.</param>
internal sealed class UpdateTranslator(Func<string> newId, TurnUsage usage)
{
    private readonly ToolCalls _calls = new();
    private OpenText? _open;
    private string? _title;

    public AcpSettings Settings { get; set; } = AcpSettings.None;

    /// <summary>Until the conversation is open, what is said of settings is a beginning, not a change.</summary>
    public bool IsOpen { get; set; }

    /// <summary>While a conversation is opened, its history comes by again; only settings and titles are taken.</summary>
    public bool IsReplaying { get; set; }

    /// <summary>Something of the conversation itself has come in since this was set to <see langword="false"/>.</summary>
    public bool HasSpoken { get; set; }

    /// <summary>The agent tells its title by itself and need not be asked.</summary>
    public bool TellsTitle { get; private set; }

    public bool HasOpenText => _open is not null;

    public TimeSpan? WaitForCalls => _calls.Wait;

    public IReadOnlyList<UpdateOutput> Apply(JsonElement update)
    {
        var outputs = new List<UpdateOutput>();
        var before = Settings;
        Settings = before.With(update);
        if (IsOpen)
        {
            outputs.AddRange(Settings.ChangesSince(before).Select(e => new Settled(e)));
        }

        switch (update.Text("sessionUpdate"))
        {
            case "session_info_update":
                TellsTitle = true;
                outputs.AddRange(Titled(update.Words("title")));
                break;
            case "state_update" when update.Text("state") is { } state:
                outputs.Add(new Working(state is "running" or "requires_action"));
                break;
            case "usage_update":
                usage.TakeContext(update);
                break;
            case var kind when !IsReplaying:
                Speak(kind, update, outputs);
                break;
        }

        return outputs;
    }

    /// <summary>A title the agent gave, here or in its list of conversations.</summary>
    public IEnumerable<UpdateOutput> Titled(string? title)
    {
        if (title is null || title == _title)
        {
            return [];
        }

        _title = title;
        return [new Settled(new TitleChanged(title, Fallback: false))];
    }

    /// <summary>Shows the call a permission request is about. The text before it is settled first.</summary>
    public (ToolCall Call, IReadOnlyList<UpdateOutput> Outputs) Asked(string callId, JsonElement toolCall)
    {
        HasSpoken = true;
        var (call, events) = _calls.TakeAsked(callId, toolCall);
        return (call, [.. SettleText(), .. events.Select(e => new Settled(e))]);
    }

    public ToolCall? Call(string id) => _calls.Find(id);

    public IReadOnlyList<UpdateOutput> ShowChangedCalls() => [.. _calls.ShowChanged().Select(e => new Settled(e))];

    public IReadOnlyList<UpdateOutput> SettleText()
    {
        if (_open is not { } open)
        {
            return [];
        }

        _open = null;
        var (text, shown) = open.Close();
        return text is null ? shown ? [new Dropped(open.Id)] : []
            : [new Settled(open.IsThought ? new ReasoningSettled(open.Id, text) : new TextSettled(open.Id, text))];
    }

    /// <summary>The text that stands open, when it is the only one; for agents that tell errors as text.</summary>
    public string? PeekText() => _open is { IsThought: false } open ? open.Peek() : null;

    /// <summary>Lets go of the open text: what it says is told otherwise.</summary>
    public IReadOnlyList<UpdateOutput> DropText()
    {
        if (_open is not { } open)
        {
            return [];
        }

        _open = null;
        return open.Close().Shown ? [new Dropped(open.Id)] : [];
    }

    /// <summary>Settles everything that is open at the end of a turn.</summary>
    public IReadOnlyList<UpdateOutput> EndTurn(JsonElement? result, string callsEnd, bool callsFailed)
    {
        List<UpdateOutput> outputs = [.. SettleText(), .. _calls.Close(callsEnd, callsFailed).Select(e => new Settled(e))];
        if (usage.Take(result, Settings.Model.CurrentId) is { } counted)
        {
            outputs.Add(new Settled(counted));
        }

        return outputs;
    }

    private void Speak(string? kind, JsonElement update, List<UpdateOutput> outputs)
    {
        switch (kind)
        {
            case "agent_message_chunk":
                Say(update, isThought: false, outputs);
                break;
            case "agent_thought_chunk":
                Say(update, isThought: true, outputs);
                break;
            case "tool_call" or "tool_call_update":
                HasSpoken = true;
                AgentEvent[] events = [.. _calls.Take(update)];
                if (events.Length > 0 || kind is "tool_call")
                {
                    outputs.AddRange(SettleText());
                }

                outputs.AddRange(events.Select(e => new Settled(e)));
                break;
            case "plan" when TodoList.Read(update, "entries") is { } plan:
                HasSpoken = true;
                outputs.AddRange(SettleText());
                outputs.Add(new Settled(plan));
                break;
        }
    }

    private void Say(JsonElement update, bool isThought, List<UpdateOutput> outputs)
    {
        var meta = update.Object("_meta") ?? default;
        if (meta.Object("usage") is { } call)
        {
            usage.TakeCall(call);
        }

        if (ChunkText.Read(update.Object("content") ?? default) is not { Length: > 0 } chunk)
        {
            return;
        }

        // claude-agent-acp tells notices of its own as text.
        if ((meta.Object("claudeCode") ?? default).Text("kind") is "informational")
        {
            outputs.AddRange(SettleText());
            outputs.Add(new Settled(new Noted(chunk)));
            return;
        }

        if (!isThought && ChangedMode(chunk) is { } mode)
        {
            var before = Settings;
            Settings = before with { Mode = before.Mode.WithCurrent(mode) };
            outputs.AddRange(Settings.ChangesSince(before).Select(e => new Settled(e)));
            return;
        }

        HasSpoken = true;
        var message = update.Words("messageId");
        if (_open is not null && !_open.Continues(isThought, message))
        {
            outputs.AddRange(SettleText());
        }

        _open ??= new OpenText(newId(), isThought, message);
        _open.Append(chunk);
        outputs.Add(new Growing(_open));
    }

    /// <summary>Gemini tells a changed mode as text: "[MODE_UPDATE] plan".</summary>
    private string? ChangedMode(string chunk)
    {
        const string Mark = "[MODE_UPDATE] ";
        return chunk.StartsWith(Mark, StringComparison.Ordinal) && Settings.Mode.Find(chunk[Mark.Length..].Trim()) is { } mode ? mode.Native : null;
    }
}
