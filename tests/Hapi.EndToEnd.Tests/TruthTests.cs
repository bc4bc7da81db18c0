using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>
/// The table of ends (docs/protocol/ends.md) with real processes and real signals, row by row. Rows 2, 10, 12 and 13 are in the session's own tests, as are
/// 9, 11, 14, 15 and 17 with processes that go wrong inside.
/// </summary>
public sealed class TruthTests(SharedHub hub) : IClassFixture<SharedHub>
{
    private readonly Stage _stage = hub.Stage;
    private readonly HubApi _api = hub.Api;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Row 1: the order in which a service manager's signal is seen must not matter, nor what the agent makes of it.
    [Theory]
    [InlineData("idle", "demo")]
    [InlineData("idle", "polite")]
    [InlineData("in mid-turn", "demo")]
    [InlineData("while the agent starts", "mute")]
    public async Task A_signal_to_all_processes_of_which_the_agent_dies_first_is_a_restart(string when, string agent)
    {
        var (session, id) = agent is "demo" ? await _stage.DemoAsync() : await _stage.AcpAsync(agent);
        await _api.ConnectedAsync(id);
        if (when is "in mid-turn")
        {
            await _api.SendAsync(id, "slow", "l1");
            await _api.UntilAsync("the turn runs", async () => (await _api.SessionAsync(id)).GetProperty("thinking").GetBoolean());
        }
        else if (when is "idle")
        {
            await _api.AgentAsync(id);
        }

        await _api.UntilAsync("there is an agent", () => Task.FromResult(Unix.ChildrenOf(session.Identity.Pid).Count > 0));
        var child = Assert.Single(Unix.ChildrenOf(session.Identity.Pid));
        await session.SignalAsync("STOP");
        await Unix.SignalAsync("TERM", child.Pid);
        await Unix.GoneAsync(child);
        await session.SignalAsync("TERM");
        await session.SignalAsync("CONT");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(id));
        Assert.Equal(("terminated", "sigterm", 0), Ending(id));
        Assert.DoesNotContain(await _api.MessagesAsync(id), m => m.GetRawText().Contains("agent ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_environment_variable_gives_a_reason()
    {
        var session = _stage.HapiWith(new() { ["HAPI_DEFAULT_ARCHIVE_REASON"] = "Stopped by runner" }, "demo", "--json", "--started-by", "runner");
        var id = await Stage.IdAsync(session);
        await _api.ConnectedAsync(id);
        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(id));
    }

    // Row 3, and 5: an accepted stop is the end; there is no stamp that could be withdrawn.
    [Fact]
    public async Task A_stop_that_the_session_accepted_ends_it_without_any_signal_and_tells_who_asked()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await Stage.StopAsync(await _stage.DoorAsync(id), "Stopped by runner", "runner");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Stopped by runner"), await _api.ArchivedAsync(id));
        Assert.Equal(("terminated", "control", 0), Ending(id));
        Assert.Equal("runner", _stage.Record(id).By);
        Assert.DoesNotContain(new RunningSessions(_stage.HapiHome).List(), s => s.SessionId == id);
    }

    [Fact]
    public async Task A_signal_right_after_an_accepted_stop_changes_nothing()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await Stage.StopAsync(await _stage.DoorAsync(id), "Stopped by runner", "runner");
        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Stopped by runner"), await _api.ArchivedAsync(id));
    }

    // Row 4: whoever asked has hung up meanwhile, and only the signal is left.
    [Fact]
    public async Task A_stop_that_nobody_accepted_in_time_leaves_the_signal_to_decide()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        var door = await _stage.DoorAsync(id);
        await session.SignalAsync("STOP");
        Assert.False(await RunningSessions.StopAsync(door, "Stopped by runner", "runner", TimeProvider.System, Token));
        await session.SignalAsync("TERM");
        await session.SignalAsync("CONT");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(id));
        Assert.Equal(("terminated", "sigterm", 0), Ending(id));
    }

    [Fact]
    public async Task A_stop_whose_caller_has_hung_up_stops_nothing()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        var door = await _stage.DoorAsync(id);
        await session.SignalAsync("STOP");
        Assert.False(await RunningSessions.StopAsync(door, "Stopped by runner", "runner", TimeProvider.System, Token));
        await session.SignalAsync("CONT");
        await _api.SendAsync(id, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(id)).Count == 1);
        Assert.False(session.HasEnded);
    }

    [Fact]
    public async Task A_door_that_is_gone_leaves_the_signal_to_decide()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        var door = await _stage.DoorAsync(id);
        File.Delete(door.Control);
        Assert.False(await RunningSessions.StopAsync(door, "Stopped by runner", "runner", TimeProvider.System, Token));
        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(id));
    }

    // Row 7.
    [Fact]
    public async Task Archived_in_mid_turn_the_command_is_answered_and_then_the_session_ends()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await _api.SendAsync(id, "slow", "l1");
        await _api.UntilAsync("the turn runs", async () => (await _api.SessionAsync(id)).GetProperty("thinking").GetBoolean());
        await _api.PostAsync($"/api/sessions/{id}/archive");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "User terminated"), await _api.ArchivedAsync(id));
        Assert.Equal(("terminated", "archive", 0), Ending(id));
        Assert.Contains("asks for: stop", session.Error, StringComparison.Ordinal);
    }

    // Row 8, asked at the session's own door.
    [Fact]
    public async Task Handed_off_to_a_terminal_it_says_so()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await Stage.HandOffAsync(await _stage.DoorAsync(id), "resume");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Handed off to local terminal"), await _api.ArchivedAsync(id));
        Assert.Equal(("handoff", "handoff", 0), Ending(id));
        Assert.Equal("resume", _stage.Record(id).By);
    }

    // Row 8, asked on the hub.
    [Fact]
    public async Task Handed_off_by_the_hub_it_answers_first_and_then_ends()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await _api.PostAsync($"/api/sessions/{id}/handoff-local");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "Handed off to local terminal"), await _api.ArchivedAsync(id));
        Assert.Equal(("handoff", "handoff", 0), Ending(id));
    }

    // Row 16: an agent that ignores everything makes the clean-up last.
    [Fact]
    public async Task Whatever_comes_during_the_clean_up_changes_nothing()
    {
        var (session, id) = await _stage.AcpAsync("stubborn");
        await _api.ConnectedAsync(id);
        await _api.AgentAsync(id);
        var door = await _stage.DoorAsync(id);
        await session.SignalAsync("INT");
        await session.SignalAsync("TERM");
        await session.SignalAsync("HUP");
        await Stage.StopAsync(door, "Stopped by runner", "runner");
        await session.SignalAsync("INT");
        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal(("cli", "User terminated"), await _api.ArchivedAsync(id));
        Assert.Equal(("terminated", "sigint", 0), Ending(id));
    }

    // Row 18.
    [Fact]
    public async Task Killed_it_writes_nothing()
    {
        var (session, id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(id);
        await session.SignalAsync("KILL");
        await session.EndedAsync();
        Assert.Null(_stage.Record(id).EndedAt);
        Assert.DoesNotContain(OutboxFacts.Of(_stage, id), f => f.Fact.GetProperty("kind").GetString() is "session.ended");
        Assert.Equal("running", (await _api.SessionAsync(id)).GetProperty("metadata").GetProperty("lifecycleState").GetString());
    }

    private (string? Reason, string? Cause, int? ExitCode) Ending(string id)
    {
        var record = _stage.Record(id);
        Assert.NotNull(record.EndedAt);
        return (record.Reason, record.Cause, record.ExitCode);
    }
}
