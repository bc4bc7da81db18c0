using System.Collections.Concurrent;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Tests.Claude;

/// <summary>A session that keeps what it is told and answers as the test says.</summary>
internal sealed class RecordingHost : IAgentHost
{
    private readonly Lock _gate = new();
    private readonly List<AgentEvent> _events = [];
    private readonly List<(Func<AgentEvent, bool> Is, TaskCompletionSource Seen)> _waiters = [];
    private readonly TaskCompletionSource<PermissionAsk> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<LiveStream> Streams { get; } = new();

    public ConcurrentQueue<PermissionAsk> Asks { get; } = new();

    public ConcurrentQueue<bool> Working { get; } = new();

    /// <summary>Decides what is asked; by default everything is allowed.</summary>
    public Func<PermissionAsk, CancellationToken, Task<PermissionDecision>> Decide { get; set; } = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved));

    /// <summary>Holds every event until it is let through.</summary>
    public Func<AgentEvent, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Completes when somebody is asked for the first time.</summary>
    public Task<PermissionAsk> Asked => _asked.Task;

    public IReadOnlyList<AgentEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Completes when such an event has been told.</summary>
    public Task SeenAsync(Func<AgentEvent, bool> isIt)
    {
        lock (_gate)
        {
            if (_events.Any(isIt))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((isIt, seen));
            return seen.Task;
        }
    }

    public async ValueTask EmitAsync(AgentEvent e, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _events.Add(e);
            foreach (var (_, seen) in _waiters.Where(waiter => waiter.Is(e)))
            {
                seen.TrySetResult();
            }
        }

        await Gate(e).WaitAsync(cancellationToken);
    }

    public void Stream(LiveStream stream) => Streams.Enqueue(stream);

    public void StreamEnded(string id)
    {
    }

    public Task<PermissionDecision> AskAsync(PermissionAsk ask, CancellationToken cancellationToken)
    {
        Asks.Enqueue(ask);
        _asked.TrySetResult(ask);
        return Decide(ask, cancellationToken);
    }

    public void WorkingChanged(bool working) => Working.Enqueue(working);
}
