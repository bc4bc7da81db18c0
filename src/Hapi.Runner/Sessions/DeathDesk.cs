using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Link;
using Hapi.Processes;
using Hapi.Runner.Machines;

namespace Hapi.Runner.Sessions;

/// <summary>
/// Sees to what dead session processes left: delivers their outboxes, and then tells of those that died without a word. A state file goes when the fact
/// is on disk, so nothing is told twice; a runner that dies in between finds it again. Nothing here holds an outbox while the hub is away.
/// </summary>
internal sealed class DeathDesk(RunnerOptions options, RunningSessions running, SessionRoster roster, RunnerFacts facts, RunnerLog log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(20);
    private readonly Lock _gate = new();
    private readonly Dictionary<ProcessIdentity, ProcessState> _dead = [];
    private readonly HashSet<string> _outboxes = [];
    private readonly HashSet<string> _barred = [];
    private readonly SemaphoreSlim _work = new(0);
    private CancellationTokenSource? _current;
    private string? _currentSession;

    /// <summary>Nothing is left to see to.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _dead.Count == 0 && _outboxes.Count == 0;
            }
        }
    }

    public void Died(ProcessState state)
    {
        lock (_gate)
        {
            if (!_dead.TryAdd(state.Identity, state))
            {
                return;
            }
        }

        roster.Saw(state.SessionId);
        Wake();
    }

    /// <summary>It ended with its word; the word may not have been delivered.</summary>
    public void Ended(string sessionId)
    {
        lock (_gate)
        {
            _outboxes.Add(sessionId);
        }

        Wake();
    }

    public void EndedAll()
    {
        var folder = Path.Combine(options.Home, "outbox");
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.db") : [])
        {
            if (Guid.TryParse(Path.GetFileNameWithoutExtension(file), out var id))
            {
                Ended(id.ToString());
            }
        }
    }

    /// <summary>Looks again now.</summary>
    public void Wake() => _work.Release();

    /// <summary>Keeps off a session's outbox, because a process of it is about to start, until <see cref="Unbar"/>.</summary>
    public async Task BarAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _barred.Add(sessionId);
            if (_currentSession == sessionId)
            {
                _current?.Cancel();
            }
        }

        while (IsAt(sessionId))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }
    }

    public void Unbar(string sessionId)
    {
        lock (_gate)
        {
            _barred.Remove(sessionId);
        }

        Wake();
    }

    public async Task RunAsync(Func<bool> hubIsThere, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _work.WaitAsync(s_again, cancellationToken);
            foreach (var state in Snapshot(() => _dead.Values))
            {
                await BuryAsync(state, hubIsThere, cancellationToken);
            }

            foreach (var id in Snapshot(() => _outboxes))
            {
                if (await DeliverAsync(id, hubIsThere, cancellationToken))
                {
                    lock (_gate)
                    {
                        _outboxes.Remove(id);
                    }
                }
            }
        }
    }

    public void Dispose() => _work.Dispose();

    private async Task BuryAsync(ProcessState state, Func<bool> hubIsThere, CancellationToken cancellationToken)
    {
        // First what it said: its own last word may be in there.
        if (!await DeliverAsync(state.SessionId, hubIsThere, cancellationToken))
        {
            return;
        }

        await facts.AppendAsync(new ProcessDied(facts.Now, state.SessionId, state.Pid, state.StartTime, Restarted: state.StartedAt < facts.Now - Environment.TickCount64));
        running.Remove(state);
        log.Line($"Session {state.SessionId} (pid {state.Pid}) died without a word.");
        lock (_gate)
        {
            _dead.Remove(state.Identity);
        }
    }

    // Gives whether there is nothing more to do about it.
    private async Task<bool> DeliverAsync(string sessionId, Func<bool> hubIsThere, CancellationToken cancellationToken)
    {
        var file = Path.Combine(options.Home, "outbox", sessionId + ".db");
        if (!File.Exists(file) || roster.Find(sessionId) is not null)
        {
            return true; // a live process delivers by itself
        }

        if (Begin(sessionId, cancellationToken) is not { } current)
        {
            return false;
        }

        try
        {
            var report = await Courier.DeliverAsync(new LinkOptions(options.HubUrl, options.Token, sessionId, options.Version), file, hubIsThere(), time, current.Token);
            if (report.Outcome is CourierOutcome.Damaged or CourierOutcome.Refused)
            {
                log.Notice($"What session {sessionId} left could not be delivered: {report.Problem}");
            }

            return report.Outcome is not CourierOutcome.Unreachable;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false; // barred
        }
        finally
        {
            End();
            current.Dispose();
        }
    }

    private CancellationTokenSource? Begin(string sessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_barred.Contains(sessionId))
            {
                return null;
            }

            _currentSession = sessionId;
            return _current = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            (_current, _currentSession) = (null, null);
        }
    }

    private bool IsAt(string sessionId)
    {
        lock (_gate)
        {
            return _currentSession == sessionId;
        }
    }

    private List<T> Snapshot<T>(Func<IEnumerable<T>> read)
    {
        lock (_gate)
        {
            return [.. read()];
        }
    }
}
