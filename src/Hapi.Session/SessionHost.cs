using Hapi.Agents.Events;
using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Link;
using Hapi.Processes;
using Hapi.Session.Commands;
using Hapi.Session.Control;
using Hapi.Session.Lifecycles;
using Hapi.Session.Live;
using Hapi.Session.Permissions;
using Hapi.Session.Prompts;
using Hapi.Session.Records;
using Hapi.Session.Titles;
using Hapi.Session.Turns;
using Hapi.Workspace;

namespace Hapi.Session;

/// <summary>One session: an agent, what people want of it, and everything it says, from the first fact to the last.</summary>
public static class SessionHost
{
    private static readonly TimeSpan s_agentLeaves = TimeSpan.FromSeconds(15), s_lastFact = TimeSpan.FromSeconds(5);

    /// <summary>Runs the session to its end. Gives the exit code of the process, which is to end then: its signals are taken for good.</summary>
    /// <exception cref="OutboxException">The session's outbox cannot be used: another process has it, or it is damaged.</exception>
    public static async Task<int> RunAsync(SessionOptions options, IStatusLines lines, TimeProvider time)
    {
        var lifecycle = new Lifecycle();
        var crashes = CrashWatch.Begin(lifecycle, lines);
        await using var outbox = Outbox.Open(Path.Combine(options.Home, "outbox", options.SessionId + ".db"), time);
        var records = new SessionRecords(options.Home);
        var record = new RecordKeeper(records, SessionOpening.Record(options, records.Find(options.SessionId)));
        record.Save();

        var log = new SessionLog(outbox, new GenericFamily(time), time);
        var live = new LiveState(time);
        var permissions = new PermissionDesk(log, lines);
        var titles = new TitleKeeper(log, record);
        var seat = new AgentSeat(options, record, time);
        using var config = new ConfigDesk(log, live, seat, new PromptMode(options.Agent.PermissionMode, options.Agent.Model, options.Agent.Effort));
        var queue = new PromptQueue();
        var inbox = new PromptInbox(outbox, log, queue, () => config.Wanted);
        var dispatch = new CommandDispatch(outbox, log, inbox, permissions, config, seat, new WorkspaceCalls(options.Agent.Directory, time), lifecycle, lines);
        await using var link = new HubLink(new LinkOptions(options.HubUrl, options.Token, options.SessionId, options.Version), outbox, dispatch, time);
        var conversation = new ConversationId(log, record, options.Flavor.NativeIdKey, () => link.State, link.FlushAsync, lines);
        var reporter = new AgentReporter(log, live, permissions, titles, conversation) { Config = config };
        var loop = new TurnLoop(seat, reporter, config, queue, inbox, titles, conversation, log, live, lifecycle, lines, time);
        SignalWatch.Begin(lifecycle, () => GoesOn(options, link, lines));
        await using var control = ControlSocket.Open(options, lifecycle, () => Status(options, outbox, link, live), time);
        _ = RunnerReport.SendAsync(options.Home, control.State, lines, time);

        var working = WorkAsync();
        await Task.WhenAny(lifecycle.WhenEnding, working);
        Conclude(working, lifecycle, lines);

        var cleanUp = new CleanUp(lifecycle, lines, time);
        await cleanUp.StepAsync("Ending the agent", s_agentLeaves, async () =>
        {
            await seat.CloseAsync();
            await working.ContinueWith(_ => { }, TaskScheduler.Default);
        });
        Conclude(working, lifecycle, lines);
        var (ending, now) = (lifecycle.Ending, log.Now);
        await cleanUp.StepAsync("Telling the end", s_lastFact, () =>
            log.AppendAsync(new SessionEnded(now, ending.Reason, "cli", ending.ArchiveReason, ending.ExitCode, ending.Cause, ending.By)));
        await cleanUp.StepAsync("Noting the end", s_lastFact, () => Task.Run(() => record.Change(r => r with
        {
            EndedAt = now, Reason = ending.Reason, ArchiveReason = ending.ArchiveReason, ExitCode = lifecycle.Ending.ExitCode, Cause = ending.Cause, By = ending.By,
        })));
        lines.Say($"Session ended: {ending.ArchiveReason.TrimEnd('.')}.");
        if (!await link.FlushAsync(ending.LastFlush))
        {
            lines.Say("The hub has not heard of the end yet; it will when this session runs again.");
        }

        crashes.Finished();
        return lifecycle.Ending.ExitCode;

        async Task WorkAsync()
        {
            await log.AppendAsync(SessionOpening.Fact(options, record.Current, log.Now));
            await inbox.RecoverAsync();
            live.Attach(link);
            link.StateChanged += () => Tell(link, lines);
            link.Start();
            await await Task.WhenAny(loop.RunAsync(lifecycle.Token), link.Completion);
        }
    }

    // What the work came to. A session that ends for another reason only takes note of its faults.
    private static void Conclude(Task working, Lifecycle lifecycle, IStatusLines lines)
    {
        if (working.IsFaulted)
        {
            if (!lifecycle.IsEnding || lifecycle.Ending.ExitCode == 0)
            {
                lines.Say($"The session failed: {working.Exception.GetBaseException().Message}");
            }

            lifecycle.End(EndCause.Crashed);
        }
        else if (working.IsCompletedSuccessfully)
        {
            lifecycle.End(EndCause.Completed);
        }
    }

    // The window was closed. A hub that is away may come back; one that refuses this session never lets anybody steer it.
    private static bool GoesOn(SessionOptions options, HubLink link, IStatusLines lines)
    {
        var goesOn = !options.EndsOnHangUp && link.State is not LinkState.Refused;
        if (goesOn)
        {
            lines.Say("The terminal is gone; the session goes on.");
        }

        return goesOn;
    }

    private static SessionStatus Status(SessionOptions options, Outbox outbox, HubLink link, LiveState live)
    {
        var me = ProcessIdentity.Current;
        return new SessionStatus(options.SessionId, me.Pid, me.StartTime, options.Flavor.Id, options.Agent.Directory, live.Thinking, link.State.ToString().ToLowerInvariant(), outbox.Generation);
    }

    private static void Tell(HubLink link, IStatusLines lines)
    {
        switch (link.State)
        {
            case LinkState.Connected:
                lines.Say("Connected to the hub.");
                break;
            case LinkState.Unreachable or LinkState.Refused when link.Problem is { } problem:
                lines.Say(problem);
                break;
        }
    }
}
