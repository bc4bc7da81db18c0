using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Sessions;

public sealed class StopTests : RunnerStage
{
    [Fact]
    public async Task A_session_is_asked_with_the_reason_and_loses_nothing_it_still_says()
    {
        await RunnerAsync("terminated=100");
        var session = await SessionAsync("slow");
        await ListedAsync(session.SessionId);
        Assert.Equal("stopped", (await Door.StopSessionAsync(new StopSessionRequest(session.SessionId, "a phone"), Token)).Status);
        var asked = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(Home, $"stop.{session.SessionId}"), Token));
        Assert.Equal(("Stopped by runner", "a phone"), (asked.GetProperty("reason").GetString(), asked.GetProperty("by").GetString()));

        await Hub.HasAsync(FactKinds.SessionEnded, session.SessionId);
        Assert.Contains(Hub.Of(FactKinds.Message, session.SessionId), m => m.Body.GetProperty("content").GetProperty("text").GetString() is "last words");
        Assert.Equal(("accepted", "a phone", "stop-session", "Stopped by runner"), await StoppedAsync(session.SessionId));
        Assert.Empty(Hub.Of(FactKinds.ProcessDied));
    }

    [Fact]
    public async Task One_that_ignores_everything_is_killed_with_everything_below_it()
    {
        await RunnerAsync("accepted=200", "terminated=200");
        var session = await SessionAsync("worker");
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Home, "worker")) && File.ReadAllText(Path.Combine(Home, "worker")).Length > 0, "its agent works", Token);
        var agent = ProcessIdentity.Of(int.Parse(await File.ReadAllTextAsync(Path.Combine(Home, "worker"), Token)))!.Value;
        try
        {
            await ListedAsync(session.SessionId);
            Assert.Equal("stopped", (await Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token)).Status);
            Assert.False(session.Identity.IsAlive());
            await Eventually.TrueAsync(() => !agent.IsAlive(), "its agent is gone", Token);
            Assert.Equal(("killed", "cli", "stop-session", "Stopped by runner"), await StoppedAsync(session.SessionId));
            await Hub.HasAsync(FactKinds.ProcessDied, session.SessionId);
            var order = Hub.Facts.Where(f => f.Kind is FactKinds.ProcessStopped or FactKinds.ProcessDied).Select(f => f.Kind);
            Assert.Equal([FactKinds.ProcessStopped, FactKinds.ProcessDied], order);
        }
        finally
        {
            Signals.Kill(agent);
        }
    }

    [Fact]
    public async Task Nothing_known_is_never_reported_as_gone_and_what_has_ended_is()
    {
        await RunnerAsync();
        var unknown = Guid.NewGuid().ToString();
        Assert.Equal("still_alive", (await Door.StopSessionAsync(new StopSessionRequest(unknown), Token)).Status);
        Assert.Equal("still_alive", (await StoppedAsync(unknown)).Outcome);

        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        await Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token);
        await ListedAsync();
        Assert.Equal("already_gone", (await Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token)).Status);
    }

    [Fact]
    public async Task Two_who_stop_the_same_session_get_the_same_answer_and_it_is_told_once()
    {
        await RunnerAsync();
        var session = await SessionAsync("slow");
        await ListedAsync(session.SessionId);
        var answers = await Task.WhenAll(Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token), Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token));
        Assert.All(answers, a => Assert.Equal("stopped", a.Status));
        await StoppedAsync(session.SessionId);
        Assert.Single(Hub.Of(FactKinds.ProcessStopped));
    }

    [Theory]
    [InlineData("stop-session", """{"sessionId":"../../etc"}""", "session_id_invalid")]
    [InlineData("stop-session", """{"sessionId":7}""", "invalid_params")]
    [InlineData("spawn", "[]", "invalid_params")]
    [InlineData("spawn", """{"directory":"/tmp","existingSessionId":"no"}""", "session_id_invalid")]
    [InlineData("session.started", """{"sessionId":"x"}""", "invalid_params")]
    [InlineData("no-such-thing", "{}", "method_unknown")]
    public async Task Bad_requests_at_the_door_have_a_stable_code_and_harm_nothing(string method, string parameters, string code)
    {
        await RunnerAsync();
        await using var stream = await LocalSocket.ConnectAsync(Door.State.Control, Token);
        await using var transport = new JsonLinesTransport(stream, stream);
        var peer = new RpcPeer(transport, new Nobody());
        _ = peer.RunAsync(Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => peer.RequestAsync(method, System.Text.Encoding.UTF8.GetBytes(parameters), Token));
        Assert.Equal(code, refusal.Kind);
        await Door.StatusAsync(Token);
    }

    [Fact]
    public async Task Its_own_end_touches_no_session_and_takes_less_than_two_seconds_without_a_hub()
    {
        var runner = await RunnerAsync();
        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        await Hub.DieAsync();
        var begun = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await TerminateAsync(runner));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0, 2);
        Assert.True(session.Identity.IsAlive());
        Assert.False(File.Exists(StateFile.Path));
    }

    [Fact]
    public async Task Its_end_is_told_to_a_hub_that_is_there()
    {
        var runner = await RunnerAsync();
        await Hub.HasAsync(FactKinds.MachineOpened);
        Assert.True((await Door.StopAsync(new("cli"), Token)).Accepted);
        await runner.Completion.WaitAsync(TimeSpan.FromSeconds(5), Token);
        await Eventually.TrueAsync(() => Hub.Of(FactKinds.MachinePatch).Any(p => p.Body.GetProperty("runnerState").GetProperty("status").GetString() is "shutting-down"), "it says that it ends", Token);
    }

    private async Task<(string Outcome, string By, string Why, string Reason)> StoppedAsync(string id)
    {
        await Hub.HasAsync(FactKinds.ProcessStopped, id);
        var body = Hub.Of(FactKinds.ProcessStopped, id).First().Body;
        return (body.GetProperty("outcome").GetString()!, body.GetProperty("by").GetString()!, body.GetProperty("why").GetString()!, body.GetProperty("reason").GetString()!);
    }

    private sealed class Nobody : IRpcHandler
    {
        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

        public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => throw new RpcException(RpcException.MethodNotFound, "no");
    }
}
