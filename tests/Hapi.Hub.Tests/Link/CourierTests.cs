using Hapi.Hub.Tests.Support;
using Hapi.TestKit;

namespace Hapi.Hub.Tests.Link;

public sealed class SqliteCourierTests() : CourierTests(StoreKind.Sqlite);

public sealed class PostgresCourierTests() : CourierTests(StoreKind.Postgres);

/// <summary>Who delivers what a dead process has left.</summary>
public abstract class CourierTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task A_courier_may_bring_a_session_that_nobody_knew_and_never_makes_it_active()
    {
        await using var courier = await CourierAsync("s1", 3);
        await courier.AppendAsync(Facts.OpenedBy(41), Facts.Message("left"));

        var session = (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session");
        Assert.Equal((false, "unreachable", "running"), (
            session.GetProperty("active").GetBoolean(), session.GetProperty("liveness").GetProperty("state").GetString(), session.GetProperty("metadata").GetProperty("lifecycleState").GetString()));
        Assert.Equal(["left"], await TextsAsync("s1"));
    }

    [Fact]
    public async Task A_courier_gets_no_commands_and_no_calls()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await Eventually.TrueAsync(async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);
        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "x", localId = "l1" });
        await using var courier = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(0, (await courier.HelloAsync("courier", "s1", 1)).GetProperty("result").GetProperty("commands").GetInt32());
        courier.Serve("git-status", _ => """{"success":true}""");
        await courier.AppendAsync(Facts.Message("last"));
        await courier.PresenceAsync(thinking: true);

        Assert.False((await Hub.GetAsync("/api/sessions/s1/git-status")).Body.GetProperty("success").GetBoolean());
        Assert.False(courier.HasHeard("deliver"));
        await using var next = await LinkClient.OpenAsync(Hub, "s1", generation: 2);
        Assert.Equal("l1", (await next.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString());
    }

    [Fact]
    public async Task What_an_older_process_left_is_told_beside_the_newer_one_and_changes_nothing_of_it()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await using var live = await LinkClient.OpenAsync(Hub, "s1", generation: 2);
        await using var courier = await CourierAsync("s1", 1);
        await courier.SendFactsAsync(2, [Facts.Message("left"), Facts.Metadata(new { old = 1 }), Facts.Ended()]);
        await courier.AckedAsync(4);

        var session = (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session");
        Assert.True(session.GetProperty("active").GetBoolean());
        Assert.False(session.GetProperty("metadata").TryGetProperty("old", out _));
        Assert.Equal(["left"], await TextsAsync("s1"));
        await live.AppendAsync(Facts.Message("goes on"));
    }

    [Fact]
    public async Task A_fact_that_both_the_process_and_a_courier_bring_is_applied_once()
    {
        await using var live = await LinkClient.OpenAsync(Hub, "s1", generation: 1);
        await using var courier = await CourierAsync("s1", 1);
        await courier.SendFactsAsync(2, [Facts.Message("a"), Facts.Message("b")]);
        await courier.AckedAsync(3);
        await live.SendFactsAsync(2, [Facts.Message("a"), Facts.Message("b"), Facts.Message("c")]);
        await live.AckedAsync(4);

        Assert.Equal(["a", "b", "c"], await TextsAsync("s1"));
        Assert.True((await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_courier_of_another_namespace_does_not_come_in()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var mine = await LinkClient.OpenAsync(Hub, "s1");
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);

        Assert.Equal("access-denied", (await theirs.HelloAsync("courier", "s1", 1)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    private async Task<LinkClient> CourierAsync(string session, long generation)
    {
        var courier = await LinkClient.ConnectAsync(Hub);
        await courier.HelloAsync("courier", session, generation);
        return courier;
    }
}
