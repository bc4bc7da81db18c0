using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Link;
using Hapi.Session.Lifecycles;
using Hapi.Session.Live;
using Hapi.Session.Permissions;
using Hapi.Session.Prompts;
using Hapi.Session.Records;
using Hapi.Session.Titles;
using Hapi.Session.Turns;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Turns;

public sealed class TurnLoopTests : IAsyncLifetime
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly TempFolder _home = new();
    private readonly SessionFiles _files = new();
    private readonly HeardLines _lines = new();
    private readonly ManualTime _time = new();
    private readonly Lifecycle _lifecycle = new();
    private readonly PromptQueue _queue = new();
    private readonly List<ScriptedAgent> _agents = [];
    private TaskCompletionSource<bool> _flushed = new();
    private AgentSeat _seat = null!;
    private ConfigDesk _config = null!;
    private PromptInbox _inbox = null!;
    private Task _running = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        _flushed.SetResult(true);
        var flavor = new AgentFlavor("odd", "Odd", "oddSessionId", [], (_, host, _) =>
        {
            lock (_agents)
            {
                _agents.Add(new ScriptedAgent(host));
                return _agents[^1];
            }
        });
        var options = new SessionOptions(
            _home.Path, new Uri("http://127.0.0.1:9"), "t", "1", Guid.NewGuid().ToString(), flavor, new AgentStart("odd", "/", new Dictionary<string, string>()), "m", "h", "terminal");
        var record = new RecordKeeper(new SessionRecords(_home.Path), SessionOpening.Record(options, null));
        var live = new LiveState(_time);
        var titles = new TitleKeeper(_files.Log, record);
        _seat = new AgentSeat(options, record, _time);
        _config = new ConfigDesk(_files.Log, live, _seat, default);
        _inbox = new PromptInbox(_files.Outbox, _files.Log, _queue, () => _config.Wanted);
        var conversation = new ConversationId(_files.Log, record, "oddSessionId", () => LinkState.Connected, _ => _flushed.Task, _lines);
        var reporter = new AgentReporter(_files.Log, live, new PermissionDesk(_files.Log, _lines), titles, conversation) { Config = _config };
        var loop = new TurnLoop(_seat, reporter, _config, _queue, _inbox, titles, conversation, _files.Log, live, _lifecycle, _lines, _time);
        _running = loop.RunAsync(_lifecycle.Token);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        _lifecycle.End(EndCause.Terminated);
        await _seat.CloseAsync();
        _config.Dispose();
        await _files.DisposeAsync();
        _lifecycle.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task An_id_that_comes_in_mid_turn_holds_up_the_next_turn_until_the_hub_has_it_but_not_the_agent()
    {
        var agent = await StartedAsync();
        await SendAsync("1", "first");
        var (text, turn) = await agent.NextAsync();
        Assert.Equal("first", text);
        _flushed = new TaskCompletionSource<bool>();
        await agent.Host.EmitAsync(new NativeSessionChanged("late-id"), TestContext.Current.CancellationToken);
        await SendAsync("2", "second");
        turn.SetResult(new TurnResult(TurnEnd.Completed));
        await Eventually.TrueAsync(() => _queue.IsEmpty, "the next message is taken", TestContext.Current.CancellationToken);
        Assert.Equal(0, agent.Given);
        _flushed.SetResult(false);
        Assert.Equal("second", (await agent.NextAsync()).Text);
        Assert.Contains("late-id", Assert.Single(_lines.All, l => l.Contains("not confirmed", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_is_ready_when_the_hub_has_the_id_or_was_given_its_time()
    {
        _flushed = new TaskCompletionSource<bool>();
        var agent = await AgentAsync(1);
        agent.Starts.SetResult(ScriptedAgent.Ready with { NativeSessionId = "early-id" });
        await Eventually.TrueAsync(() => _files.Kinds().Contains(FactKinds.MetadataPatch), "the id is on disk", TestContext.Current.CancellationToken);
        Assert.DoesNotContain(FactKinds.SessionReady, _files.Kinds());
        _flushed.SetResult(true);
        await Eventually.TrueAsync(() => _files.Kinds().Contains(FactKinds.SessionReady), "it is ready", TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(143)]
    public async Task An_agent_that_leaves_a_moment_before_the_signal_is_seen_changes_nothing(int exitCode)
    {
        var agent = await StartedAsync();
        agent.Leave(new AgentExit(exitCode, "It was told to go."));
        await Eventually.TrueAsync(() => agent.WasStopped && _time.Waiting > 0, "its end is seen, and a signal is waited for", TestContext.Current.CancellationToken);
        Assert.False(_running.IsCompleted);
        _lifecycle.End(EndCause.Terminated);
        await _running;
        Assert.Equal("Hub restart", _lifecycle.Ending.ArchiveReason);
        Assert.DoesNotContain(FactKinds.Message, _files.Kinds());
    }

    [Fact]
    public async Task An_agent_that_leaves_and_no_signal_comes_has_completed_the_session_after_a_second()
    {
        var agent = await StartedAsync();
        agent.Leave(new AgentExit(0, null));
        await PassAsync(() => _running.IsCompleted);
        await _running;
        Assert.False(_lifecycle.IsEnding);
    }

    [Fact]
    public async Task An_agent_that_dies_between_turns_is_started_again_with_the_next_message()
    {
        var agent = await StartedAsync();
        agent.Leave(new AgentExit(7, "It died."));
        await PassAsync(() => _files.Kinds().Contains(FactKinds.Message));
        await SendAsync("1", "hello");
        var next = await AgentAsync(2);
        next.Starts.SetResult(ScriptedAgent.Ready);
        Assert.Equal("hello", (await next.NextAsync()).Text);
    }

    // Row 15: also in mid-turn, and whatever the exit code.
    [Fact]
    public async Task An_agent_that_cannot_be_replaced_ends_the_session_in_mid_turn()
    {
        var agent = await StartedAsync();
        await SendAsync("1", "hello");
        var (_, turn) = await agent.NextAsync();
        agent.Leave(new AgentExit(0, "Odd process exited with code 0", AfterExit.Fails));
        turn.SetResult(new TurnResult(TurnEnd.AgentGone));
        await PassAsync(() => _running.IsCompleted);
        Assert.Equal(new Ending("error", "Odd process exited with code 0", 1, "agent_failed"), _lifecycle.Ending);
    }

    [Fact]
    public async Task An_agent_that_comes_up_as_the_session_ends_is_not_left_behind()
    {
        var agent = await AgentAsync(1);
        _lifecycle.End(EndCause.Terminated);
        await _seat.CloseAsync();
        agent.Starts.SetResult(ScriptedAgent.Ready);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        Assert.Null(_seat.Current);
        Assert.True(agent.WasDisposed);
    }

    private async Task<ScriptedAgent> StartedAsync()
    {
        var agent = await AgentAsync(1);
        agent.Starts.SetResult(ScriptedAgent.Ready);
        await Eventually.TrueAsync(() => _files.Kinds().Contains(FactKinds.SessionReady), "it is ready", TestContext.Current.CancellationToken);
        return agent;
    }

    private async Task<ScriptedAgent> AgentAsync(int number)
    {
        await Eventually.TrueAsync(() => Count() >= number, "there is an agent", TestContext.Current.CancellationToken);
        lock (_agents)
        {
            return _agents[number - 1];
        }
    }

    private int Count()
    {
        lock (_agents)
        {
            return _agents.Count;
        }
    }

    // Time passes until it has happened: the loop begins to wait on a thread of its own.
    private Task PassAsync(Func<bool> happened) => Eventually.TrueAsync(() =>
    {
        _time.Advance(s_second);
        return happened();
    }, "what a second brings", TestContext.Current.CancellationToken);

    private Task SendAsync(string id, string text) => _inbox.AcceptAsync(SessionFiles.Message(id, text));
}
