using System.Text.Json;

namespace Hapi.Agents.Acp.Updates;

/// <summary>
/// The calls of a conversation, merged by id. A call is shown when its input is known, when somebody is asked about it, and when it ends; what changes in
/// between waits for <see cref="ShowChanged"/>, because each showing is a stored row and inputs can stream in a hundred pieces.
/// </summary>
internal sealed class ToolCalls
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(400), s_longestWait = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, ToolCall> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<ToolCall> _changed = [];

    /// <summary>How long to wait before <see cref="ShowChanged"/>; it doubles with each showing of the same call. <see langword="null"/>: nothing is waiting.</summary>
    public TimeSpan? Wait => _changed.Count == 0 ? null : _changed.Min(call => TimeSpan.FromTicks(Math.Min(s_longestWait.Ticks, s_firstWait.Ticks << Math.Min(call.TimesShown, 10))));

    /// <summary>A call that was shown and has not ended.</summary>
    public bool AnyRunning => _calls.Values.Any(call => call is { IsReturned: false, TimesShown: > 0 });

    public ToolCall? Find(string id) => _calls.GetValueOrDefault(id);

    /// <summary>Takes a <c>tool_call</c> or <c>tool_call_update</c>; agents use either for what they have not named before.</summary>
    public IEnumerable<AgentEvent> Take(JsonElement update)
    {
        if (update.Words("toolCallId") is not { } id)
        {
            return [];
        }

        var isNew = !_calls.TryGetValue(id, out var call);
        if (isNew && update.Words("title") is null && update.Words("kind") is null && update.Member("rawInput") is null)
        {
            // A late word about a call of an earlier turn that is closed.
            return [];
        }

        call ??= _calls[id] = new ToolCall(id);
        call.Merge(update, isNew);
        if (call.HasEnded)
        {
            return End(call);
        }

        if (call.TimesShown == 0 && call.HasInput)
        {
            return Show(call);
        }

        _changed.Add(call);
        return [];
    }

    /// <summary>Takes what a permission request says, and shows the call it is about.</summary>
    public (ToolCall Call, IEnumerable<AgentEvent> Events) TakeAsked(string id, JsonElement toolCall)
    {
        if (!_calls.TryGetValue(id, out var call))
        {
            call = _calls[id] = new ToolCall(id);
        }

        call.MergeAsked(toolCall);
        return (call, Show(call));
    }

    public IEnumerable<AgentEvent> ShowChanged()
    {
        foreach (var call in _changed.ToArray())
        {
            foreach (var e in Show(call))
            {
                yield return e;
            }
        }
    }

    /// <summary>Ends what is still open when a turn ends: the agent says no more about it (Gemini never mentions a rejected call again).</summary>
    public IEnumerable<AgentEvent> Close(string words, bool isError)
    {
        foreach (var call in _calls.Values.Where(call => !call.IsReturned).ToArray())
        {
            foreach (var e in Show(call))
            {
                yield return e;
            }

            yield return call.IsDenied ? call.Close("The request was denied.", isError: true) : call.Close(words, isError);
        }

        _calls.Clear();
    }

    private IEnumerable<AgentEvent> Show(ToolCall call)
    {
        _changed.Remove(call);
        if (call.Show() is { } shown)
        {
            yield return shown;
        }
    }

    private IEnumerable<AgentEvent> End(ToolCall call)
    {
        foreach (var e in Show(call))
        {
            yield return e;
        }

        if (TodoList.Of(call) is { } plan)
        {
            yield return plan;
        }

        yield return call.Return();
    }
}
