using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Processes;

namespace Hapi.EndToEnd.Tests;

/// <summary>A session whose terminal goes away, and one whose readers go away.</summary>
public sealed class HangUpTests(SharedHub hub) : IClassFixture<SharedHub>
{
    private readonly Stage _stage = hub.Stage;
    private readonly HubApi _api = hub.Api;

    [Fact]
    public async Task A_terminal_that_is_closed_ends_nothing_and_the_session_is_steered_from_elsewhere()
    {
        var (terminal, door) = await InTerminalAsync([]);
        await _api.AgentAsync(door.SessionId);
        await terminal.SignalAsync("KILL");
        await terminal.EndedAsync();
        await _api.SendAsync(door.SessionId, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(door.SessionId)).Count == 1);
        await Stage.StopAsync(door, "Stopped by runner", "runner");
        await Unix.GoneAsync(door.Identity);
        Assert.Equal(("cli", "Stopped by runner"), await _api.ArchivedAsync(door.SessionId));
        Assert.Equal(0, _stage.Record(door.SessionId).ExitCode);
    }

    [Fact]
    public async Task A_session_that_shall_end_with_its_terminal_says_that_it_was_closed()
    {
        var (terminal, door) = await InTerminalAsync(new() { ["HAPI_EXIT_ON_HANGUP"] = "1" });
        await _api.AgentAsync(door.SessionId);
        await terminal.SignalAsync("KILL");
        await Unix.GoneAsync(door.Identity);
        Assert.Equal(("cli", "Terminal closed"), await _api.ArchivedAsync(door.SessionId));
        var record = _stage.Record(door.SessionId);
        Assert.Equal(("terminated", "sighup", 0), (record.Reason, record.Cause, record.ExitCode));
    }

    [Fact]
    public async Task A_session_that_nobody_could_steer_from_elsewhere_ends_with_its_terminal()
    {
        var session = _stage.HapiWith(new() { ["CLI_API_TOKEN"] = "not-the-token-of-this-hub" }, "demo", "--json");
        var id = await Stage.IdAsync(session);
        await session.SaidAsync("does not accept this machine's token");
        await session.SignalAsync("HUP");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal("Terminal closed", _stage.Record(id).ArchiveReason);
    }

    [Fact]
    public async Task A_session_whose_output_nobody_reads_any_more_goes_on()
    {
        // "head" takes one line and leaves: whatever is written then meets a broken pipe.
        var reader = _stage.Run([], "/bin/sh", "-c", $"'{Stage.Executable}' demo 2>&1 | head -n 1");
        await reader.SaidAsync("Steer it at");
        ProcessState? door = null;
        await _api.UntilAsync("its door is open", () => Task.FromResult((door = Running(reader)) is not null));
        await _api.ConnectedAsync(door!.SessionId);
        await _api.SendAsync(door.SessionId, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(door.SessionId)).Count == 1);
        await Stage.StopAsync(door, "Stopped by runner", "runner");
        await reader.EndedAsync();
        Assert.Equal(("Stopped by runner", 0), (_stage.Record(door.SessionId).ArchiveReason, _stage.Record(door.SessionId).ExitCode));
    }

    // script(1) gives it a terminal; when script is killed, the terminal is gone.
    private async Task<(StagedProgram Terminal, ProcessState Door)> InTerminalAsync(Dictionary<string, string> environment)
    {
        environment["SHELL"] = "/bin/sh";
        var terminal = _stage.Run(environment, "/usr/bin/script", "--quiet", "--flush", "--return", "--command", $"exec '{Stage.Executable}' demo", "/dev/null");
        ProcessState? door = null;
        await _api.UntilAsync("its door is open", () => Task.FromResult((door = Running(terminal)) is not null));
        await _api.ConnectedAsync(door!.SessionId);
        return (terminal, door);
    }

    private ProcessState? Running(StagedProgram parent)
    {
        var family = Unix.ChildrenOf(parent.Identity.Pid).ToList();
        family.AddRange(family.ToList().SelectMany(p => Unix.ChildrenOf(p.Pid)));
        return new RunningSessions(_stage.HapiHome).List().FirstOrDefault(s => family.Contains(new ProcessIdentity(s.Pid, s.StartTime)));
    }
}
