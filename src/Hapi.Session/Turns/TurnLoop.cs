using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Session.Lifecycles;
using Hapi.Session.Live;
using Hapi.Session.Prompts;
using Hapi.Session.Titles;

namespace Hapi.Session.Turns;

/// <summary>Gives the agent what people send, a turn after the other, and sees to it that there is an agent.</summary>
internal sealed class TurnLoop(
    AgentSeat seat, AgentReporter reporter, ConfigDesk config, PromptQueue queue, PromptInbox inbox, TitleKeeper titles,
    ConversationId conversation, SessionLog log, LiveState live, Lifecycle lifecycle, IStatusLines lines, TimeProvider time)
{
    // How far apart a signal to all processes of a service may be seen at the agent and at us, on a machine that is busy ending them all.
    private static readonly TimeSpan s_signalsArrive = TimeSpan.FromSeconds(1);
    private const int MaxTries = 2;

    /// <summary>Runs until the session ends. An agent that ends by itself between turns, in order, has completed the session.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await StartAgentAsync(cancellationToken))
        {
            return;
        }

        await conversation.ConfirmAsync();
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
        if (exit.Then is AfterExit.Cleared)
        {
            lifecycle.End(EndCause.Cleared);
            return false;
        }

        if (await EndsAnywayAsync())
        {
            return false;
        }

        if (exit.Then is AfterExit.Fails)
        {
            return Fail(exit.Message ?? $"The agent ended with code {exit.ExitCode}.");
        }

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

            await conversation.ConfirmAsync();
            if (await GiveAsync(batch, cancellationToken) is not { } result)
            {
                // The agent died before it got the prompt: a new one may have it.
                await seat.LeaveAsync();
                var ends = await EndsAnywayAsync();
                if (ends || attempt == MaxTries)
                {
                    await inbox.RestoreAsync(batch);
                    return !ends && Fail("The agent ends before it takes a message.");
                }

                continue;
            }

            return await ReportAsync(result);
        }
    }

    // Gives null when the agent never got the prompt.
    private async Task<TurnResult?> GiveAsync(PromptBatch batch, CancellationToken cancellationToken)
    {
        var agent = seat.Current ?? throw new OperationCanceledException(cancellationToken);
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
            var turn = agent.PromptAsync(batch.ForAgent(OnGiven), CancellationToken.None);
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

    // Gives whether the session goes on.
    private async Task<bool> ReportAsync(TurnResult result)
    {
        if (lifecycle.IsEnding || (result.End is TurnEnd.AgentGone && await EndsAnywayAsync()))
        {
            return false; // nothing to tell of: the agent went because the session goes
        }

        switch (result.End)
        {
            case TurnEnd.Aborted:
                await log.SayAsync(log.Family.Event("message", ("message", "Stopped")));
                break;
            case TurnEnd.Failed:
                await SayErrorAsync(result.Message ?? "The agent failed.");
                break;
            // A program whose pipe broke may live on until it is stopped: nobody waits for its end here.
            case TurnEnd.AgentGone when seat.Gone is { IsCompleted: true } gone && await gone is { Then: not AfterExit.Usual } exit:
                return await GoOnWithoutAsync(exit);
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

        return true;
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
                await conversation.SetAsync(id);
            }

            if (ready.SlashCommands.Count > 0)
            {
                await reporter.EmitAsync(new SlashCommandsChanged(ready.SlashCommands), cancellationToken);
            }

            return true;
        }
        catch (AgentException) when (lifecycle.IsEnding)
        {
            return false;
        }
        catch (AgentException ex)
        {
            if (ex.Code is not "agent_not_found" && await EndsAnywayAsync())
            {
                return false;
            }

            await SayErrorAsync(ex.Message);
            return Fail(ex.Message);
        }
    }

    private Task<bool> EndsAnywayAsync() => lifecycle.EndsWithinAsync(s_signalsArrive, time);

    private bool Fail(string message)
    {
        lines.Say(message);
        lifecycle.End(EndCause.AgentFailed, message);
        return false;
    }

    private Task SayErrorAsync(string message) => log.SayAsync(log.Family.Write(new ErrorReported(message))!.Value);
}
