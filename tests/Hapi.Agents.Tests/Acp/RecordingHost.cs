using Hapi.Contracts.Link;

namespace Hapi.Agents.Tests.Acp;

/// <summary>A host that writes down what it is told, and answers as the test decides. It fails the test when a stream breaks its promises.</summary>
internal sealed class RecordingHost(Func<PermissionAsk, CancellationToken, Task<PermissionDecision>>? answer = null) : IAgentHost
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _streaming = [], _ended = [];
    private readonly List<string> _lines = [];
    private readonly List<AgentEvent> _events = [];
    private readonly List<LiveStream> _streams = [];
    private readonly List<PermissionAsk> _asks = [];
    private readonly List<bool> _working = [];

    /// <summary>Hears each event before it counts as recorded.</summary>
    public Func<AgentEvent, ValueTask>? OnEmit { get; set; }

    public IReadOnlyList<AgentEvent> Events => Copy(_events);

    public IReadOnlyList<LiveStream> Streams => Copy(_streams);

    public IReadOnlyList<PermissionAsk> Asks => Copy(_asks);

    public IReadOnlyList<bool> WorkingChanges => Copy(_working);

    public IEnumerable<T> All<T>() => Events.OfType<T>();

    /// <summary>Everything told so far, a line each; streams are left out, as how often they are shown depends on the time.</summary>
    public string Log => string.Join('\n', Copy(_lines));

    public void Write(string line) => Add(_lines, line);

    public async ValueTask EmitAsync(AgentEvent e, CancellationToken cancellationToken)
    {
        if (OnEmit is { } hear)
        {
            await hear(e);
        }

        lock (_gate)
        {
            _events.Add(e);
            _lines.Add(Text(e));
            if (e is TextSettled or ReasoningSettled)
            {
                var id = e is TextSettled text ? text.Id : ((ReasoningSettled)e).Id;
                _streaming.Remove(id);
                Assert.True(_ended.Add(id), $"The stream {id} settled twice.");
            }
        }
    }

    public void Stream(LiveStream stream)
    {
        lock (_gate)
        {
            Assert.DoesNotContain(stream.Id, _ended);
            _streaming.Add(stream.Id);
            _streams.Add(stream);
        }
    }

    public void StreamEnded(string id)
    {
        lock (_gate)
        {
            Assert.True(_streaming.Remove(id), $"The stream {id} ended without having begun.");
            _ended.Add(id);
            _lines.Add("stream dropped");
        }
    }

    public async Task<PermissionDecision> AskAsync(PermissionAsk ask, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _asks.Add(ask);
            _lines.Add($"ask {ask.Kind} {ask.Id}: {ask.Tool} {ask.Arguments} [{string.Join(", ", (ask.Options ?? []).Select(option => $"{option.Kind} \"{option.Label}\""))}]");
        }

        using var withdrawn = cancellationToken.Register(() => Write($"ask withdrawn {ask.Id}"));
        return answer is null ? new PermissionDecision(Verdict.Denied) : await answer(ask, cancellationToken);
    }

    public void WorkingChanged(bool working) => Add(_working, working);

    /// <summary>Nothing may be left streaming once nobody writes any more.</summary>
    public void AssertNothingStreams()
    {
        lock (_gate)
        {
            Assert.Empty(_streaming);
        }
    }

    private static string Text(AgentEvent e) => e switch
    {
        TextSettled text => $"text: {Line(text.Text)}",
        ReasoningSettled thought => $"thought: {Line(thought.Text)}",
        ToolCalled call => $"call {call.CallId}: {call.Name} {call.Input} status={call.Status} kind={call.Kind} title={Line(call.Title ?? "-")}",
        ToolReturned result => $"result {result.CallId}: {result.Output}{(result.IsError ? " (error)" : "")}",
        PlanChanged plan => $"plan: {string.Join("; ", plan.Steps.Select(step => $"[{step.Status}/{step.Priority}] {step.Content}"))}",
        SlashCommandsChanged commands => $"commands: {string.Join(", ", commands.Names)}",
        _ => e.ToString(),
    };

    private static string Line(string text) => text.ReplaceLineEndings("⏎");

    private void Add<T>(List<T> list, T item)
    {
        lock (_gate)
        {
            list.Add(item);
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
