using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Runner.Machines;

namespace Hapi.Runner.Sessions;

/// <summary>
/// Finds the session processes of this home and notices their ends, by their state files and by pid and start time. What ran before this runner is
/// found like what it started itself.
/// </summary>
internal sealed class SessionWatch(RunningSessions running, SessionRoster roster, StopDesk stops, DeathDesk deaths, RunnerFacts facts, RunnerLog log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private readonly HashSet<ProcessIdentity> _givenUp = [];
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Looks each second.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await LookAsync();
        }
    }

    /// <summary>Compares what is known with what is there.</summary>
    public async Task LookAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var state in running.List())
            {
                await TakeAsync(state);
            }

            // In this order: who is gone by now and has left its state file, has left it for good.
            var gone = roster.Live.Where(s => !s.Identity.IsAlive() && !stops.IsStopping(s.Identity)).ToList();
            var left = running.Dead();
            foreach (var state in gone)
            {
                roster.Remove(state);
                stops.Forget(state.Identity);
                if (left.All(l => l.Identity != state.Identity))
                {
                    // It took its state file along: it has said how it ended.
                    log.Line($"Session {state.SessionId} (pid {state.Pid}) has ended.");
                    deaths.Ended(state.SessionId);
                }
            }

            foreach (var state in left.Where(s => !stops.IsStopping(s.Identity)))
            {
                deaths.Died(state);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A process says that it runs. Gives whether it is welcome.</summary>
    public async Task<bool> ReportedAsync(ProcessState state)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            return state.Identity.IsAlive() && await TakeAsync(state);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A process that has not reported in time: if it ever does, it is stopped.</summary>
    public void GiveUp(ProcessIdentity process)
    {
        lock (_givenUp)
        {
            _givenUp.RemoveWhere(p => !p.IsAlive());
            _givenUp.Add(process);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> TakeAsync(ProcessState state)
    {
        if (IsGivenUp(state.Identity))
        {
            // While it is stopped by signals it can be asked now, so that it knows why.
            Task stopping = stops.IsStopping(state.Identity)
                ? RunningSessions.StopAsync(state, StopLadder.Reason, "runner", time, CancellationToken.None)
                : stops.StopAsync(state.Identity, state, state.SessionId, "runner", StopDesk.Orphan);
            _ = stopping.ContinueWith(t => t.Exception, TaskScheduler.Default);

            return false;
        }

        if (roster.Add(state))
        {
            log.Line($"Session {state.SessionId} runs (pid {state.Pid}, {state.Flavor}, started by {state.StartedBy}) in {state.Directory}.");
            await facts.AppendAsync(new ProcessStarted(facts.Now, state.SessionId, state.Pid, state.StartTime, state.StartedBy));
        }

        return true;
    }

    private bool IsGivenUp(ProcessIdentity process)
    {
        lock (_givenUp)
        {
            return _givenUp.Contains(process);
        }
    }
}
