using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>The hub may be away or die at any moment: sessions go on, and nothing is lost or doubled.</summary>
public sealed class HubLossTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_session_that_began_without_a_hub_is_there_when_the_hub_comes()
    {
        // The token exists before the hub: on one machine they share it.
        var session = _stage.HapiWith(new() { ["HAPI_API_URL"] = "", ["HAPI_LISTEN_PORT"] = $"{_stage.Port}" }, "demo", "--json");
        await session.SaidAsync("cannot be reached");
        var id = System.Text.Json.JsonElement.Parse(session.Out).GetProperty("sessionId").GetString()!;
        await _stage.HubAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        await api.SendAsync(id, "hello", "l1");
        await api.UntilAsync("the agent answered", async () => (await api.TextsAsync(id)).Count == 1);
    }

    [Fact]
    public async Task A_hub_killed_in_mid_turn_and_started_again_gets_the_approval_and_the_rest_of_the_turn()
    {
        var hub = await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        string request;
        using (var api = await _stage.ApiAsync())
        {
            await api.ConnectedAsync(id);
            await api.SendAsync(id, "edit", "l1");
            request = await api.RequestAsync(id);
        }

        await hub.SignalAsync("KILL");
        await hub.EndedAsync();
        await _stage.HubAsync();
        using var again = await _stage.ApiAsync();
        await again.PostAsync($"/api/sessions/{id}/permissions/{request}/approve");
        await again.UntilAsync("the turn ends", async () => (await again.TextsAsync(id)).Any(t => t.Contains("The file is written.", StringComparison.Ordinal)));
        Assert.True(File.Exists(Path.Combine(_stage.Project, "hapi-demo.txt")));
        var messages = await again.MessagesAsync(id);
        Assert.Equal(messages.Count, messages.Select(m => m.GetProperty("id").GetString()).Distinct().Count());
        Assert.Single(messages, m => m.GetProperty("content").GetProperty("role").GetString() is "user");
        Assert.False(session.HasEnded);
    }

    [Fact]
    public async Task What_the_agent_says_while_the_hub_is_dead_arrives_once_and_in_order()
    {
        var hub = await _stage.HubAsync();
        var (_, id) = await _stage.DemoAsync();
        using (var api = await _stage.ApiAsync())
        {
            await api.ConnectedAsync(id);
            await api.SendAsync(id, "hello", "l0");
            await api.UntilAsync("the agent answered", async () => (await api.TextsAsync(id)).Count == 1);
            await api.SendAsync(id, "slow", "l1");
            await api.UntilAsync("the turn runs", async () => (await api.SessionAsync(id)).GetProperty("thinking").GetBoolean());
        }

        await hub.SignalAsync("KILL");
        await hub.EndedAsync();
        await _stage.HubAsync();
        using var again = await _stage.ApiAsync();
        await again.UntilAsync("the whole text is there", async () => (await again.TextsAsync(id)).Any(t => t.Contains("line fifty", StringComparison.Ordinal)));
        var text = Assert.Single(await again.TextsAsync(id), t => t.Contains("line fifty", StringComparison.Ordinal));
        var lines = Enumerable.Range(1, 49).Select(i => text.IndexOf($"This is line {i}.", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, lines);
        Assert.Equal(lines.Order(), lines);
    }

    [Fact]
    public async Task The_hub_ends_in_order_and_touches_no_session()
    {
        var hub = await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        await hub.SignalAsync("TERM");
        Assert.Equal(0, await hub.EndedAsync());
        Assert.False(session.HasEnded);
    }
}
