using Hapi.Control;
using Hapi.Hubs;

namespace Hapi.Sessions;

/// <summary>Takes a running session over: its process ends, so that this one can go on with it.</summary>
internal sealed class HandOff(HubClient? hub, TimeProvider time)
{
    private static readonly TimeSpan s_gone = TimeSpan.FromSeconds(15), s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Completes when the process is gone.</summary>
    /// <exception cref="CommandException">It would not go, or cannot be reached.</exception>
    public async Task TakeAsync(ResumeTarget target, CancellationToken cancellationToken)
    {
        if (!(target.Active && hub is not null && await AskHubAsync(hub, target, cancellationToken)) && !(target.Live is { } live && await AskProcessAsync(live, cancellationToken)))
        {
            throw Failed(target, "does not answer");
        }

        if (!await GoneAsync(target, cancellationToken))
        {
            throw Failed(target, "was asked to end and still runs");
        }
    }

    // A hub that cannot do it is no obstacle for a process on this machine.
    private static async Task<bool> AskHubAsync(HubClient hub, ResumeTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await hub.HandOffAsync(target.Id, cancellationToken);
            return true;
        }
        catch (CommandException) when (target.Live is not null)
        {
            return false;
        }
    }

    private async Task<bool> AskProcessAsync(ProcessState live, CancellationToken cancellationToken) =>
        await RunningSessions.HandOffAsync(live, "resume", time, cancellationToken) || !live.Identity.IsAlive();

    // It is nobody's child, so nothing tells us: its identity does, or the hub.
    private async Task<bool> GoneAsync(ResumeTarget target, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (target.Live is { } live ? live.Identity.IsAlive() : hub is not null && (await hub.SessionAsync(target.Id, cancellationToken)).Session.Active)
        {
            if (time.GetElapsedTime(begun) > s_gone)
            {
                return false;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        return true;
    }

    private static CommandException Failed(ResumeTarget target, string why) =>
        new(ExitCodes.SessionBusy, "handoff_failed", $"The process of \"{target.Label}\" {why}, so this terminal cannot go on with it. End it with \"hapi sessions stop {target.Id}\" and try again.");
}
