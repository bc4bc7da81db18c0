using System.Collections.Concurrent;
using System.Text.Json;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.EndToEnd.Tests;

/// <summary>How a session begins: who hears of it, under which id, and what is safe before the agent is asked anything.</summary>
public sealed class SessionStartTests(SharedHub hub) : IClassFixture<SharedHub>
{
    private readonly Stage _stage = hub.Stage;
    private readonly HubApi _api = hub.Api;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SIGTERM", "Hub restart", "sigterm")]
    [InlineData("stop", "Stopped by runner", "control")]
    public async Task A_stop_while_the_agent_is_still_starting_ends_the_start(string how, string reason, string cause)
    {
        var (session, id) = await _stage.AcpAsync("mute");
        var door = await _stage.DoorAsync(id);
        await _api.UntilAsync("the agent starts", () => Task.FromResult(Unix.ChildrenOf(session.Identity.Pid).Count == 1));
        if (how is "stop")
        {
            await Stage.StopAsync(door, reason, "runner");
        }
        else
        {
            await session.SignalAsync("TERM");
        }

        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal((reason, cause), (_stage.Record(id).ArchiveReason, _stage.Record(id).Cause));
        Assert.Equal(("cli", reason), await _api.ArchivedAsync(id));
    }

    [Fact]
    public async Task The_id_that_a_runner_has_chosen_is_the_sessions_and_is_used_once()
    {
        var id = Guid.NewGuid().ToString();
        var session = _stage.Hapi("demo", "--json", "--started-by", "runner", "--new-session-id", id);
        Assert.Equal(id, await Stage.IdAsync(session));
        await _api.ConnectedAsync(id);
        await session.SignalAsync("TERM");
        await session.EndedAsync();

        var (code, output, error) = await _stage.RunAsync("demo", "--json", "--new-session-id", id);
        Assert.Equal(30, code);
        Assert.Equal("session_exists", JsonElement.Parse(output).GetProperty("code").GetString());
        Assert.Contains("--existing-session-id", error, StringComparison.Ordinal);
        Assert.Equal("Hub restart", _stage.Record(id).ArchiveReason);
    }

    [Theory]
    [InlineData("no session id", "--new-session-id", "../../etc/passwd")]
    [InlineData("begins or goes on", "--new-session-id", "0b8b7c1e-5a53-4c8a-9a4f-2f6f0a1d3c5e", "--existing-session-id", "0b8b7c1e-5a53-4c8a-9a4f-2f6f0a1d3c5e")]
    public async Task An_id_that_cannot_be_is_refused(string expected, params string[] arguments)
    {
        var (code, _, error) = await _stage.RunAsync(["demo", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_it_ended_stands_in_its_record_until_it_starts_again()
    {
        var (session, id) = await _stage.DemoAsync();
        var native = await _api.AgentAsync(id);
        await session.SignalAsync("INT");
        await session.EndedAsync();
        var record = _stage.Record(id);
        Assert.Equal(("terminated", "User terminated", 0, "sigint"), (record.Reason, record.ArchiveReason, record.ExitCode, record.Cause));
        Assert.NotNull(record.EndedAt);

        _stage.Hapi("demo", "--existing-session-id", id);
        await _stage.DoorAsync(id);
        var again = _stage.Record(id);
        Assert.Equal((null, null, null, null), (again.EndedAt, again.Reason, again.ArchiveReason, again.ExitCode));
        Assert.Equal(native, again.NativeSessionId);
    }

    [Fact]
    public async Task When_it_is_resumed_the_agents_id_is_written_before_the_agent_is_asked_for_it()
    {
        var gate = Directory.CreateDirectory(Path.Combine(_stage.Project, "resume")).FullName;
        await File.WriteAllTextAsync(Path.Combine(gate, "open"), "", Token);
        var (first, id) = await _stage.AcpAsync("gated", gate);
        Assert.Equal("s1", await _api.AgentAsync(id));
        await first.SignalAsync("KILL");
        await first.EndedAsync();
        File.Delete(Path.Combine(gate, "open"));
        File.Delete(Path.Combine(gate, "opening"));

        // The hub is frozen, so what is written now stays in the outbox for us to see.
        await hub.Hub.SignalAsync("STOP");
        try
        {
            var second = _stage.Hapi("acp", "--existing-session-id", id);
            await _api.UntilAsync("the agent is asked", () => Task.FromResult(new FileInfo(Path.Combine(gate, "opening")) is { Exists: true, Length: > 0 }));
            Assert.Equal("session/load", await File.ReadAllTextAsync(Path.Combine(gate, "opening"), Token));
            Assert.Equal("s1", _stage.Record(id).NativeSessionId);
            var opened = OutboxFacts.Of(_stage, id)[^1].Fact;
            Assert.Equal("session.opened", opened.GetProperty("kind").GetString());
            Assert.Equal("s1", opened.GetProperty("metadata").GetProperty("acpSessionId").GetString());
            await second.SignalAsync("TERM");
            await second.EndedAsync();
        }
        finally
        {
            await hub.Hub.SignalAsync("CONT");
        }
    }

    [Fact]
    public async Task A_runner_hears_of_a_session_that_has_opened_its_door()
    {
        var runner = new Runner();
        await using var door = ControlDoor.Open(_stage.HapiHome, "runner", runner);
        var me = ProcessIdentity.Current;
        var file = Path.Combine(_stage.HapiHome, "runner.state.json");
        await File.WriteAllTextAsync(file, $$"""{"pid":{{me.Pid}},"startTime":{{me.StartTime}},"control":"{{door.Address}}","version":"0.0.0"}""", Token);
        try
        {
            var session = _stage.Hapi("demo", "--json", "--started-by", "runner");
            var id = await Stage.IdAsync(session);
            await _api.UntilAsync("the runner is told", () => Task.FromResult(runner.Told.Any(s => s.SessionId == id)));
            var told = Assert.Single(runner.Told, s => s.SessionId == id);
            Assert.Equal((session.Identity, "runner", "demo"), (told.Identity, told.StartedBy, told.Flavor));
            await Stage.StopAsync(told, "Stopped by runner", "runner");
            Assert.Equal(0, await session.EndedAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class Runner : IRpcHandler
    {
        public ConcurrentQueue<ProcessState> Told { get; } = new();

        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

        public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
        {
            Assert.Equal(ControlMethods.SessionStarted, method);
            Told.Enqueue(parameters.Deserialize(ControlJson.Default.ProcessState)!);
            return Task.FromResult<ReadOnlyMemory<byte>>("{}"u8.ToArray());
        }
    }
}
