using Hapi.Contracts.Machines;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Runner.Machines;

namespace Hapi.Runner.Sessions;

/// <summary>Stops session processes, each once at a time, and tells the hub what came of it in the runner's own word.</summary>
internal sealed class StopDesk(RunningSessions running, SessionRoster roster, StopLadder ladder, RunnerFacts facts, RunnerLog log, CancellationToken ending)
{
    public const string Wanted = "stop-session", ReportTimeout = "report-timeout", Orphan = "orphan";
    private const string Stopped = "stopped";
    private readonly Lock _gate = new();
    private readonly Dictionary<ProcessIdentity, Task<string>> _stopping = [];

    /// <summary>A stop of it has not come to its end.</summary>
    public bool IsStopping(ProcessIdentity process)
    {
        lock (_gate)
        {
            return _stopping.TryGetValue(process, out var stop) && !stop.IsCompleted;
        }
    }

    /// <summary>Stops the session's process. A session that nothing is known of counts as alive.</summary>
    /// <param name="starting">Its process, when it is being started and has not opened its door.</param>
    public async Task<StopSessionResult> StopAsync(string sessionId, string by, ProcessIdentity? starting = null)
    {
        var state = roster.Find(sessionId) ?? running.List().FirstOrDefault(s => s.SessionId == sessionId);
        if (state is not null)
        {
            return new(Status(await StopAsync(state.Identity, state, sessionId, by, Wanted)));
        }

        if (starting is { } process)
        {
            return new(Status(await StopAsync(process, null, sessionId, by, Wanted)));
        }

        // Proved: its state file names a process that is no more, or its end was seen.
        var dead = running.Dead().FirstOrDefault(s => s.SessionId == sessionId);
        var outcome = dead is not null || roster.HasEnded(sessionId) ? StopOutcomes.AlreadyGone : StopOutcomes.StillAlive;
        await TellAsync(sessionId, dead?.Identity ?? default, outcome, by, Wanted);
        return new(Status(outcome));
    }

    /// <summary>Stops one process. Gives one of <see cref="StopOutcomes"/>; who asks meanwhile gets the same.</summary>
    public Task<string> StopAsync(ProcessIdentity process, ProcessState? state, string sessionId, string by, string why)
    {
        lock (_gate)
        {
            if (!_stopping.TryGetValue(process, out var stop) || stop.IsCompleted)
            {
                _stopping[process] = stop = Task.Run(() => ClimbAsync(process, state, sessionId, by, why));
            }

            return stop;
        }
    }

    /// <summary>Forgets a process that is gone.</summary>
    public void Forget(ProcessIdentity process)
    {
        lock (_gate)
        {
            _stopping.Remove(process);
        }
    }

    private async Task<string> ClimbAsync(ProcessIdentity process, ProcessState? state, string sessionId, string by, string why)
    {
        var outcome = await ladder.StopAsync(process, state, by, ending);
        await TellAsync(sessionId, process, outcome, by, why);
        return outcome;
    }

    private async Task TellAsync(string sessionId, ProcessIdentity process, string outcome, string by, string why)
    {
        var text = $"Stop of session {sessionId} (pid {process.Pid}, {why}, by {by}): {outcome}.";
        if (outcome is StopOutcomes.StillAlive && process != default)
        {
            log.Notice(text);
        }
        else
        {
            log.Line(text);
        }

        await facts.StoppedAsync(sessionId, process, StopLadder.Reason, outcome, by, why);
    }

    private static string Status(string outcome) => outcome is StopOutcomes.AlreadyGone or StopOutcomes.StillAlive ? outcome : Stopped;
}
