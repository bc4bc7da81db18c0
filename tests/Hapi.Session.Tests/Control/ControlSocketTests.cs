using System.Text.Json;
using Hapi.Agents;
using Hapi.Control;
using Hapi.Rpc;
using Hapi.Session.Control;
using Hapi.Session.Lifecycles;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Control;

public sealed class ControlSocketTests : IAsyncLifetime
{
    private const string Id = "0b8b7c1e-5a53-4c8a-9a4f-2f6f0a1d3c5e";
    private readonly TempFolder _home = new();
    private readonly Lifecycle _lifecycle = new();
    private ControlSocket _socket = null!;
    private ProcessState _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var flavor = new AgentFlavor("acp", "Agent", null, [], (_, _, _) => throw new InvalidOperationException("No agent here."));
        var options = new SessionOptions(_home.Path, new Uri("http://127.0.0.1:9"), "t", "1", Id, flavor, new AgentStart("acp", "/", new Dictionary<string, string>()), "m", "h", "runner");
        _socket = ControlSocket.Open(options, _lifecycle, () => throw new InvalidOperationException("Nobody asks."), TimeProvider.System);
        _session = Assert.Single(new RunningSessions(_home.Path).List());
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        _lifecycle.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void The_state_file_says_what_the_runner_is_told() => Assert.Equal(_session, _socket.State);

    // Row 3; and row 5, which is void: there is no stamp that could go stale, an accepted stop is the end.
    [Fact]
    public async Task A_stop_that_was_accepted_is_the_end_with_its_reason_and_its_author()
    {
        Assert.True(await RunningSessions.StopAsync(_session, "Stopped by runner", "runner", TimeProvider.System, Token));
        await _lifecycle.WhenEnding.WaitAsync(Token);
        Assert.Equal(new Ending("terminated", "Stopped by runner", 0, "control", "runner"), _lifecycle.Ending);
    }

    // Row 8.
    [Fact]
    public async Task A_hand_off_has_labels_of_its_own()
    {
        Assert.True(await RunningSessions.HandOffAsync(_session, "resume", TimeProvider.System, Token));
        await _lifecycle.WhenEnding.WaitAsync(Token);
        Assert.Equal(new Ending("handoff", "Handed off to local terminal", 0, "handoff", "resume"), _lifecycle.Ending);
    }

    // Row 16.
    [Fact]
    public async Task A_stop_during_the_end_is_accepted_and_changes_nothing()
    {
        _lifecycle.End(EndCause.Terminated);
        Assert.True(await RunningSessions.StopAsync(_session, "Stopped by runner", "runner", TimeProvider.System, Token));
        Assert.Equal("Hub restart", _lifecycle.Ending.ArchiveReason);
    }

    [Fact]
    public async Task The_caller_has_the_answer_before_the_end_begins()
    {
        var parameters = JsonElement.Parse("""{"reason":"Stopped by runner"}""");
        await _socket.RequestAsync(ControlMethods.Stop, parameters, Token);
        Assert.False(_lifecycle.IsEnding);
        _socket.Answered(ControlMethods.Stop, parameters, sent: true);
        Assert.True(_lifecycle.IsEnding);
    }

    // Rows 3 and 4: which of them it is hangs on whether the caller heard the answer.
    [Theory]
    [InlineData(true, "Stopped by runner", "control")]
    [InlineData(false, "Hub restart", "sigterm")]
    public async Task A_signal_that_comes_while_the_caller_is_answered_waits_for_it(bool heard, string reason, string cause)
    {
        var parameters = JsonElement.Parse("""{"reason":"Stopped by runner"}""");
        await _socket.RequestAsync(ControlMethods.Stop, parameters, Token);
        _lifecycle.End(EndCause.Terminated);
        Assert.False(_lifecycle.IsEnding);
        _socket.Answered(ControlMethods.Stop, parameters, heard);
        Assert.Equal((reason, cause), (_lifecycle.Ending.ArchiveReason, _lifecycle.Ending.Cause));
    }

    [Fact]
    public async Task A_caller_that_has_hung_up_has_stopped_nothing()
    {
        var parameters = JsonElement.Parse("""{"reason":"Stopped by runner"}""");
        await _socket.RequestAsync(ControlMethods.Stop, parameters, Token);
        _socket.Answered(ControlMethods.Stop, parameters, sent: false);
        Assert.False(_lifecycle.IsEnding);
        _lifecycle.End(EndCause.Interrupted);
        Assert.Equal("User terminated", _lifecycle.Ending.ArchiveReason);
    }

    [Theory]
    [InlineData(""" "now" """, "User terminated")]
    [InlineData("""{"reason":"  "}""", "User terminated")]
    [InlineData("{}", "User terminated")]
    public async Task A_stop_without_a_reason_is_the_users(string parameters, string reason)
    {
        await AskAsync(ControlMethods.Stop, parameters);
        await _lifecycle.WhenEnding.WaitAsync(Token);
        Assert.Equal(reason, _lifecycle.Ending.ArchiveReason);
    }

    [Fact]
    public async Task A_stop_of_another_shape_is_refused_and_stops_nothing()
    {
        await Assert.ThrowsAsync<RpcException>(() => AskAsync(ControlMethods.Stop, """{"reason":7}"""));
        await Assert.ThrowsAsync<RpcException>(() => AskAsync("explode", "{}"));
        Assert.False(_lifecycle.IsEnding);
    }

    private async Task AskAsync(string method, string parameters) => await ControlCall.AskAsync(
        _session.Control, method, JsonElement.Parse(parameters), ControlJson.Default.JsonElement, ControlJson.Default.StopResult, TimeSpan.FromSeconds(5), TimeProvider.System, Token);
}
