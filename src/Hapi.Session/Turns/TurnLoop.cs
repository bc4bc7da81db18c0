using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Link;
using Hapi.Session.Lifecycles;
using Hapi.Session.Live;
using Hapi.Session.Prompts;
using Hapi.Session.Titles;

namespace Hapi.Session.Turns;

/// <summary>Gives the agent what people send, a turn after the other, and sees to it that there is an agent.</summary>
internal sealed class TurnLoop(
    AgentSeat seat, AgentReporter reporter, ConfigDesk config, PromptQueue queue, PromptInbox inbox, TitleKeeper titles,
    SessionLog log, LiveState live, Lifecycle lifecycle, HubLink link, IStatusLines lines, TimeProvider time)
{
    private static readonly TimeSpan s_beforeRestart = TimeSpan.FromSeconds(1), s_idKnownWithin = TimeSpan.FromSeconds(5);
    private const int MaxTries = 2;

    /// <summary>Runs until the session ends. An agent that ends by itself between turns, in order, has completed the session.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await StartAgentAsync(cancellationToken))
        {
            return;
        }

        await log.AppendAsync(new SessionReady(log.Now));
        var next = queue.TakeAsync(cancellationToken);
        while (true)
        {
            var gone = seat.Gone;
            if (await Task.WhenAny(next, gone) == gone && !next.IsCompleted)
            {
                if (!await GoOnWithoutAsync(await gone))
                {
                    return;
                }

                continue;
            }

            var batch = await next;
            if (!await TurnAsync(batch, cancellationToken))
            {
                return;
            }

            next = queue.TakeAsync(cancellationToken);
        }
    }

    private async Task<bool> GoOnWithoutAsync(AgentExit exit)
    {
        await seat.LeaveAsync();
        if (exit.ExitCode == 0)
        {
            return false;
        }

        await SayErrorAsync(exit.Message ?? $"The agent ended with code {exit.ExitCode}. It is started again with the next message.");
        return true;
    }

    // Gives whether the session goes on.
    private async Task<bool> TurnAsync(PromptBatch batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (seat.Current is null && !await StartAgentAsync(cancellationToken))
            {
                return false;
            }

            if (await GiveAsync(batch) is not { } result)
            {
                // The agent died before it got the prompt: a new one may have it.
                await seat.LeaveAsync();
                if (attempt == MaxTries)
                {
                    await inbox.RestoreAsync(batch);
                    return Fail("The agent ends before it takes a message.");
                }

                await Task.Delay(s_beforeRestart, time, cancellationToken);
                continue;
            }

            await ReportAsync(result);
            return true;
        }
    }

    // Gives null when the agent never got the prompt.
    private async Task<TurnResult?> GiveAsync(PromptBatch batch)
    {
        live.Working(true);
        try
        {
            if (await config.ApplyAsync(batch.Mode) is { } refusal)
            {
                await SayErrorAsync(refusal);
            }

            await titles.OfferAsync(batch.Prompts[0].Text, fallback: true);
            await inbox.DispatchingAsync(batch);
            var at = log.Now;
            var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task? noted = null;
            var turn = seat.Current!.PromptAsync(batch.ForAgent(OnGiven), CancellationToken.None);
            await Task.WhenAny(given.Task, turn);
            if (!given.Task.IsCompleted && turn.IsCompletedSuccessfully && (await turn).End is TurnEnd.AgentGone)
            {
                return null;
            }

            await (noted ?? inbox.ConsumedAsync(batch, at));
            return await turn;

            // At once, on the agent's own thread: the fact stands before anything the agent answers.
            void OnGiven()
            {
                noted = inbox.ConsumedAsync(batch, at);
                given.TrySetResult();
            }
        }
        finally
        {
            live.AllStreamsEnded();
            live.Working(false);
        }
    }

    private async Task ReportAsync(TurnResult result)
    {
        if (lifecycle.IsEnding)
        {
            return; // we ended the agent ourselves
        }

        switch (result.End)
        {
            case TurnEnd.Aborted:
                await log.SayAsync(log.Family.Event("message", ("message", "Stopped")));
                break;
            case TurnEnd.Failed:
                await SayErrorAsync(result.Message ?? "The agent failed.");
                break;
            case TurnEnd.AgentGone:
                await SayErrorAsync(result.Message ?? "The agent ended in the middle of its turn. It is started again with the next message.");
                await seat.LeaveAsync();
                break;
        }

        if (queue.IsEmpty)
        {
            await log.SayAsync(log.Family.Event("ready"));
            lines.Say("The agent waits for a message.");
        }
    }

    // Gives whether there is an agent now. Without one the session cannot go on.
    private async Task<bool> StartAgentAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ready = await seat.StartAsync(reporter, config.Wanted, cancellationToken);
            config.Started(ready);
            live.Ready(ready);
            if (ready.NativeSessionId is { } id)
            {
                await KnownAsAsync(id);
            }

            if (ready.SlashCommands.Count > 0)
            {
                await reporter.EmitAsync(new SlashCommandsChanged(ready.SlashCommands), cancellationToken);
            }

            return true;
        }
        catch (AgentException ex)
        {
            await SayErrorAsync(ex.Message);
            return Fail(ex.Message);
        }
    }

    // The id is on disk at once; when the hub is there, it has it before the first turn can begin.
    private async Task KnownAsAsync(string nativeSessionId)
    {
        await reporter.KnownAsAsync(nativeSessionId);
        if (link.State is LinkState.Connected && !await link.FlushAsync(s_idKnownWithin))
        {
            lines.Say($"The hub has not confirmed the agent's session id {nativeSessionId} yet; it is kept here and goes there later.");
        }
    }

    private bool Fail(string message)
    {
        lines.Say(message);
        lifecycle.End(EndCause.AgentFailed, message);
        return false;
    }

    private Task SayErrorAsync(string message) => log.SayAsync(log.Family.Write(new ErrorReported(message))!.Value);
}
