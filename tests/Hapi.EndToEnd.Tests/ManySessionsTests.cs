using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>A service restart that ends many sessions at once: no conversation is lost, and nobody is said to have archived them.</summary>
public sealed class ManySessionsTests : IAsyncDisposable
{
    private const int Many = 23;
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    // Row 1, twenty-three times.
    [Fact]
    public async Task Twenty_three_sessions_ended_by_one_restart_are_all_known_and_all_say_so()
    {
        await _stage.HubAsync();
        using var api = await _stage.ApiAsync();
        var sessions = new List<(StagedProgram Program, string Id, string Native)>();
        foreach (var few in Enumerable.Range(0, Many).Chunk(3))
        {
            foreach (var program in few.Select(_ => _stage.Hapi("demo", "--json")).ToList())
            {
                var id = await Stage.IdAsync(program);
                sessions.Add((program, id, await api.AgentAsync(id)));
            }
        }

        var agents = sessions.SelectMany(s => Unix.ChildrenOf(s.Program.Identity.Pid)).Select(a => a.Pid).ToList();
        Assert.Equal(Many, agents.Count);
        await Unix.SignalAsync("TERM", [.. agents, .. sessions.Select(s => s.Program.Identity.Pid)]);
        foreach (var (program, id, native) in sessions)
        {
            Assert.Equal(0, await program.EndedAsync());
            Assert.Equal(("cli", "Hub restart"), await api.ArchivedAsync(id));
            Assert.Equal((native, "Hub restart"), (_stage.Record(id).NativeSessionId, _stage.Record(id).ArchiveReason));
            Assert.Equal(native, await api.ConversationAsync(id));
            Assert.DoesNotContain("has not heard", program.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_hub_the_labels_wait_in_the_outbox_and_go_out_with_the_next_start()
    {
        var hub = await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        using (var api = await _stage.ApiAsync())
        {
            await api.AgentAsync(id);
        }

        await hub.SignalAsync("KILL");
        await hub.EndedAsync();
        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        var (generation, ended) = OutboxFacts.Of(_stage, id)[^1];
        Assert.Equal(("session.ended", "Hub restart", "sigterm"), (Text(ended, "kind"), Text(ended, "archiveReason"), Text(ended, "cause")));

        await _stage.HubAsync();
        _stage.Hapi("demo", "--existing-session-id", id);
        using var again = await _stage.ApiAsync();
        await again.ConnectedAsync(id);
        await again.UntilAsync("the hub has what the first process left", () => Task.FromResult(OutboxFacts.Of(_stage, id).All(f => f.Generation != generation)));
    }

    // A hub that does not answer holds neither the first turn for longer than five seconds nor the end for longer than one.
    [Fact]
    public async Task The_agents_id_is_confirmed_before_the_first_turn_or_named_after_five_seconds()
    {
        var gate = Directory.CreateDirectory(Path.Combine(_stage.Project, "fresh")).FullName;
        var hub = await _stage.HubAsync();
        var (session, id) = await _stage.AcpAsync("gated", gate);
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        await api.SendAsync(id, "hello", "l1");
        await api.UntilAsync("the session has the message", async () => (await api.MessagesAsync(id)).Count == 1 && OutboxFacts.Prompts(_stage, id) == 1);
        await hub.SignalAsync("STOP");
        var begun = TimeProvider.System.GetTimestamp();
        await File.WriteAllTextAsync(Path.Combine(gate, "open"), "", TestContext.Current.CancellationToken);
        await api.UntilAsync("the agent is prompted", () => Task.FromResult(File.Exists(Path.Combine(gate, "prompted"))));
        Assert.Contains("has not confirmed the agent's session id s1", session.Error, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 4.9, 15);
        Assert.Equal("s1", _stage.Record(id).NativeSessionId);

        await session.SignalAsync("TERM");
        Assert.Equal(0, await session.EndedAsync());
        Assert.Equal("Hub restart", Text(OutboxFacts.Of(_stage, id)[^1].Fact, "archiveReason"));
        await hub.SignalAsync("CONT");
    }

    private static string? Text(System.Text.Json.JsonElement fact, string name) => fact.GetProperty(name).GetString();
}
