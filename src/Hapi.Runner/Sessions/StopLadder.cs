using Hapi.Control;
using Hapi.Processes;

namespace Hapi.Runner.Sessions;

/// <summary>What came of stopping a session process: the words of the link.</summary>
internal static class StopOutcomes
{
    public const string Accepted = "accepted";
    public const string Terminated = "terminated";
    public const string Killed = "killed";
    public const string AlreadyGone = "already_gone";
    public const string StillAlive = "still_alive";
}

/// <summary>
/// Stops a session process: asks at its door and gives it time to say its last words, then SIGTERM, then SIGKILL for it and everything it started.
/// Never SIGINT, which is the user's. A pid that is another process's by now is never signalled.
/// </summary>
internal sealed class StopLadder(StopPatience patience, TimeProvider time)
{
    public const string Reason = "Stopped by runner";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Gives one of <see cref="StopOutcomes"/>. It never faults; a cancelled one says how far it had come.</summary>
    /// <param name="session">Where its door is, when it has opened one.</param>
    public async Task<string> StopAsync(ProcessIdentity process, ProcessState? session, string by, CancellationToken cancellationToken)
    {
        if (!process.IsAlive())
        {
            return StopOutcomes.AlreadyGone;
        }

        var reached = StopOutcomes.StillAlive;
        try
        {
            if (session is not null && await RunningSessions.StopAsync(session, Reason, by, time, cancellationToken))
            {
                reached = StopOutcomes.Accepted;
                if (await GoneAsync(process, patience.Accepted, cancellationToken))
                {
                    return reached;
                }
            }

            reached = StopOutcomes.Terminated;
            Signals.Terminate(process);
            if (await GoneAsync(process, patience.Terminated, cancellationToken))
            {
                return reached;
            }

            reached = StopOutcomes.Killed;
            ForeignTree.Kill(process);
            await GoneAsync(process, patience.Killed, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The runner ends; what was begun goes on without it.
        }

        return process.IsAlive() && reached is not StopOutcomes.Accepted ? StopOutcomes.StillAlive : reached;
    }

    private async Task<bool> GoneAsync(ProcessIdentity process, TimeSpan within, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); process.IsAlive(); await Task.Delay(s_look, time, cancellationToken))
        {
            if (time.GetElapsedTime(begun) >= within)
            {
                return false;
            }
        }

        return true;
    }
}
