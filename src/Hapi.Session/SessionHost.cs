using System.Text.Json.Nodes;
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
    private static readonly TimeSpan s_lastFlush = TimeSpan.FromSeconds(1);

    /// <summary>Runs the session to its end. Gives the exit code of the process.</summary>
    /// <exception cref="OutboxException">The session's outbox cannot be used: another process has it, or it is damaged.</exception>
    public static async Task<int> RunAsync(SessionOptions options, IStatusLines lines, TimeProvider time)
    {
        using var lifecycle = new Lifecycle();
        await using var outbox = Outbox.Open(Path.Combine(options.Home, "outbox", options.SessionId + ".db"), time);
        using var signals = new SignalWatch(lifecycle, () => lines.Say("The terminal is gone; the session goes on."));
        using var crashes = new CrashWatch(lifecycle);
        var records = new SessionRecords(options.Home);
        var record = new RecordKeeper(records, Remember(options, records.Find(options.SessionId)));
        record.Save();

        var log = new SessionLog(outbox, new GenericFamily(time), time);
        var live = new LiveState(time);
        var permissions = new PermissionDesk(log, lines);
        var titles = new TitleKeeper(log, record);
        var seat = new AgentSeat(options, record, time);
        using var config = new ConfigDesk(log, live, seat, new PromptMode(options.Agent.PermissionMode, options.Agent.Model, options.Agent.Effort));
        var queue = new PromptQueue();
        var inbox = new PromptInbox(outbox, log, queue, () => config.Wanted);
        var reporter = new AgentReporter(log, live, permissions, titles, record, options.Flavor.NativeIdKey) { Config = config };
        var dispatch = new CommandDispatch(outbox, log, inbox, permissions, config, seat, new WorkspaceCalls(options.Agent.Directory, time), lifecycle, lines);
        await using var link = new HubLink(new LinkOptions(options.HubUrl, options.Token, options.SessionId, options.Version), outbox, dispatch, time);
        await using var control = ControlSocket.Open(options, lifecycle, () => Status(options, outbox, link, live), time);

        await log.AppendAsync(Opened(options, record.Current, log.Now));
        await inbox.RecoverAsync();
        live.Attach(link);
        link.StateChanged += () => Tell(link, lines);
        link.Start();

        var loop = new TurnLoop(seat, reporter, config, queue, inbox, titles, log, live, lifecycle, link, lines, time);
        var working = loop.RunAsync(lifecycle.Token);
        await Task.WhenAny(lifecycle.WhenEnding, working);
        Conclude(working, lifecycle, lines);
        await seat.LeaveAsync();
        await working.ContinueWith(_ => { }, TaskScheduler.Default);

        var ending = lifecycle.Ending;
        await log.AppendAsync(new SessionEnded(log.Now, ending.Reason, "cli", ending.ArchiveReason, ending.ExitCode));
        var delivered = await link.FlushAsync(s_lastFlush);
        var reason = ending.ArchiveReason.TrimEnd('.');
        lines.Say(delivered ? $"Session ended: {reason}." : $"Session ended: {reason}. The hub will hear of it when this session runs again.");
        crashes.Finished();
        return lifecycle.Ending.ExitCode;
    }

    private static void Conclude(Task working, Lifecycle lifecycle, IStatusLines lines)
    {
        if (working.IsFaulted)
        {
            lines.Say($"The session failed: {working.Exception.GetBaseException().Message}");
            lifecycle.End(EndCause.Crashed);
        }
        else if (working.IsCompletedSuccessfully)
        {
            lifecycle.End(EndCause.Completed);
        }
    }

    private static SessionRecord Remember(SessionOptions options, SessionRecord? earlier)
    {
        var now = new SessionRecord(options.SessionId, options.Flavor.Id, options.Agent.Directory, options.Agent.Command);
        return now with { NativeSessionId = options.Agent.NativeSessionId ?? earlier?.NativeSessionId, Titled = earlier?.Titled ?? false };
    }

    private static SessionOpened Opened(SessionOptions options, SessionRecord record, long now)
    {
        var userHome = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var os = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var metadata = new JsonObject
        {
            ["path"] = options.Agent.Directory,
            ["host"] = options.HostName,
            ["version"] = options.Version,
            ["os"] = os,
            ["machineId"] = options.MachineId,
            ["homeDir"] = userHome,
            ["happyHomeDir"] = options.Home,
            ["startedFromRunner"] = options.StartedBy is "runner",
            ["startedBy"] = options.StartedBy,
            ["hostPid"] = Environment.ProcessId,
            ["startingMode"] = "remote",
            ["lifecycleState"] = "running",
            ["lifecycleStateSince"] = now,
            ["flavor"] = options.Flavor.Id,
            ["capabilities"] = new JsonObject { ["terminal"] = false },
        };
        if (options.Flavor.NativeIdKey is { } key && record.NativeSessionId is { } native)
        {
            metadata[key] = native;
        }

        var machine = new JsonObject
        {
            ["host"] = options.HostName,
            ["platform"] = os,
            ["happyCliVersion"] = options.Version,
            ["homeDir"] = userHome,
            ["happyHomeDir"] = options.Home,
        };
        var state = new JsonObject { ["controlledByUser"] = false, ["startingMode"] = "remote" };
        return new SessionOpened(
            now, options.SessionId, options.Flavor.Id, SessionLog.Raw(metadata), SessionLog.Raw(state),
            new MachineIdentity(options.MachineId, SessionLog.Raw(machine)), options.Agent.Model, options.Agent.Effort, options.Agent.PermissionMode);
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
