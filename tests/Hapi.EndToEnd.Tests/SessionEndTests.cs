using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>Every way a session can end without a runner, with real processes and real signals: its labels say who or what ended it.</summary>
public sealed class SessionEndTests(SharedHub hub) : IClassFixture<SharedHub>, IAsyncLifetime
{
    private readonly Stage _stage = hub.Stage;
    private readonly HubApi _api = hub.Api;
    private StagedProgram _session = null!;
    private string _id = "";

    public async ValueTask InitializeAsync()
    {
        (_session, _id) = await _stage.DemoAsync();
        await _api.ConnectedAsync(_id);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [Theory]
    [InlineData("TERM", "Hub restart")]
    [InlineData("INT", "User terminated")]
    public async Task A_signal_ends_it_with_the_reason_that_the_signal_stands_for(string signal, string reason)
    {
        await _session.SignalAsync(signal);
        Assert.Equal(0, await _session.EndedAsync());
        Assert.Equal(("cli", reason), await _api.ArchivedAsync(_id));
    }

    [Fact]
    public async Task A_signal_to_the_whole_group_in_mid_turn_loses_nothing_the_agent_said()
    {
        await _api.SendAsync(_id, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(_id)).Count == 1);
        await _api.SendAsync(_id, "slow", "l2");
        await _api.UntilAsync("the turn runs", async () => (await _api.SessionAsync(_id)).GetProperty("thinking").GetBoolean());
        await _session.SignalAsync("TERM", group: true);
        Assert.Equal(0, await _session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(_id));
        Assert.NotEmpty(await _api.TextsAsync(_id));
    }

    [Fact]
    public async Task Further_signals_while_it_ends_change_nothing()
    {
        // At once: it may have ended before a second program is there to send them one by one.
        await Unix.SignalAsync("TERM", [_session.Identity.Pid, _session.Identity.Pid]);
        Assert.Equal(0, await _session.EndedAsync());
        Assert.Equal(("cli", "Hub restart"), await _api.ArchivedAsync(_id));
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_nothing()
    {
        await _session.SignalAsync("HUP", group: true);
        await _api.SendAsync(_id, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(_id)).Count == 1);
        Assert.False(_session.HasEnded);
    }

    [Fact]
    public async Task Archived_on_a_page_it_is_the_users_act_and_archiving_again_is_no_error()
    {
        await _api.PostAsync($"/api/sessions/{_id}/archive");
        Assert.Equal(0, await _session.EndedAsync());
        Assert.Equal(("cli", "User terminated"), await _api.ArchivedAsync(_id));
        Assert.True((await _api.PostAsync($"/api/sessions/{_id}/archive")).GetProperty("alreadyArchived").GetBoolean());
    }

    [Fact]
    public async Task Killed_it_is_archived_by_the_hub_which_says_that_it_could_not_ask()
    {
        await _session.SignalAsync("KILL");
        await _session.EndedAsync();
        await _api.UntilAsync("the link is down", async () => !(await _api.SessionAsync(_id)).GetProperty("active").GetBoolean());
        Assert.Equal("running", (await _api.SessionAsync(_id)).GetProperty("metadata").GetProperty("lifecycleState").GetString());
        await _api.PostAsync($"/api/sessions/{_id}/archive");
        Assert.Equal(("hub", "Archived from hub (CLI unreachable)"), await _api.ArchivedAsync(_id));
    }

    [Fact]
    public async Task Killed_and_attached_to_again_it_goes_on_as_the_same_session()
    {
        await _api.SendAsync(_id, "hello", "l1");
        await _api.UntilAsync("the agent answered", async () => (await _api.TextsAsync(_id)).Count == 1);
        await _session.SignalAsync("KILL");
        await _session.EndedAsync();
        await _api.UntilAsync("the link is down", async () => !(await _api.SessionAsync(_id)).GetProperty("active").GetBoolean());
        await _api.SendAsync(_id, "hello again", "l2");

        _stage.Hapi("demo", "--existing-session-id", _id);
        await _api.UntilAsync("what was sent meanwhile is answered", async () => (await _api.TextsAsync(_id)).Any(t => t.Contains("hello again", StringComparison.Ordinal)));
        Assert.Single((await _api.GetAsync("/api/sessions")).GetProperty("sessions").EnumerateArray(), s => s.GetProperty("id").GetString() == _id);
        Assert.Single(await _api.TextsAsync(_id), t => t.Contains("demo agent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_processes_never_run_one_session()
    {
        var second = _stage.Hapi("demo", "--existing-session-id", _id);
        Assert.Equal(14, await second.EndedAsync());
        Assert.Contains("Another process runs this session already", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_cannot_start_ends_the_session_with_its_own_words()
    {
        var session = _stage.Hapi("acp", "--json", "--", "/bin/sh", "-c", "echo I am no agent >&2; exit 3");
        Assert.Equal(1, await session.EndedAsync());
        var id = System.Text.Json.JsonElement.Parse(session.Out).GetProperty("sessionId").GetString()!;
        var (by, reason) = await _api.ArchivedAsync(id);
        Assert.Equal("cli", by);
        Assert.Contains("I am no agent", reason, StringComparison.Ordinal);
    }
}
