using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Link;

/// <summary>What became of a delivery.</summary>
public enum CourierOutcome
{
    /// <summary>The hub has everything; also when there was nothing.</summary>
    Delivered,

    /// <summary>A live process owns the outbox: it delivers by itself.</summary>
    Owned,

    /// <summary>The file cannot be read. It was set aside.</summary>
    Damaged,

    /// <summary>The hub does not take it, or takes nothing more.</summary>
    Refused,

    /// <summary>The hub cannot be reached now.</summary>
    Unreachable,
}

/// <param name="Problem">One sentence, when not everything was delivered.</param>
public sealed record CourierReport(CourierOutcome Outcome, string? Problem = null);

/// <summary>
/// Delivers what dead session processes left in their outboxes: opens the file as its owner, says hello as a courier, and lets go of it as soon as
/// the hub has everything or cannot be reached. While it holds the file no session process can take it, so it holds it for moments only.
/// </summary>
public static class Courier
{
    private static readonly TimeSpan s_withoutProgress = TimeSpan.FromSeconds(10);

    /// <param name="options">The owner is the dead session; the role is set here.</param>
    /// <param name="hubIsThere">Without it the file is only looked into: the outcome is then delivered, when it is empty, or unreachable.</param>
    /// <exception cref="OperationCanceledException">The file is free again; what was not acknowledged is still in it.</exception>
    public static async Task<CourierReport> DeliverAsync(LinkOptions options, string outboxFile, bool hubIsThere, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (!Outbox.HoldsFacts(outboxFile))
            {
                return new(CourierOutcome.Delivered);
            }

            if (!hubIsThere)
            {
                return new(CourierOutcome.Unreachable);
            }

            await using var outbox = Outbox.OpenToDeliver(outboxFile, time);
            return await DeliverAsync(options, outbox, time, cancellationToken);
        }
        catch (OutboxException ex)
        {
            return new(ex.Code is "outbox_owned" ? CourierOutcome.Owned : ex.Code is "outbox_damaged" ? CourierOutcome.Damaged : CourierOutcome.Refused, ex.Message);
        }
    }

    private static async Task<CourierReport> DeliverAsync(LinkOptions options, Outbox outbox, TimeProvider time, CancellationToken cancellationToken)
    {
        var changed = new Signal();
        await using var link = new HubLink(options with { Role = LinkRoles.Courier }, outbox, new Mute(), time);
        var fell = false;
        link.StateChanged += () =>
        {
            fell |= link.State is LinkState.Unreachable or LinkState.Refused;
            changed.Raise();
        };
        outbox.Committed += changed.Raise; // acknowledged facts are trimmed in a commit
        link.Start();
        while (outbox.OlderGenerations().Count > 0)
        {
            if (fell)
            {
                return new(link.State is LinkState.Refused ? CourierOutcome.Refused : CourierOutcome.Unreachable, link.Problem);
            }

            using var patience = new CancellationTokenSource(s_withoutProgress, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return link.State is LinkState.Connected
                    ? new(CourierOutcome.Refused, "The hub takes nothing more of what this session left.")
                    : new(CourierOutcome.Unreachable, link.Problem ?? "The hub does not answer.");
            }
        }

        return new(CourierOutcome.Delivered);
    }

    // A courier is no session: it takes no commands and answers no questions.
    private sealed class Mute : ILinkHandler
    {
        public Task OnCommandAsync(Command command, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken) => Task.FromResult<RawJson?>(null);
    }
}
