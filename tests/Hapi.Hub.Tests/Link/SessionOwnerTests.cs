using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Link;

public sealed class SqliteSessionOwnerTests() : SessionOwnerTests(StoreKind.Sqlite);

public sealed class PostgresSessionOwnerTests() : SessionOwnerTests(StoreKind.Postgres);

/// <summary>Whose a session is: one namespace's, and one process's at a time.</summary>
public abstract class SessionOwnerTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task Facts_of_a_session_that_was_never_opened_are_refused()
    {
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("s1");

        await link.AppendAsync(Facts.Message("who"));

        Assert.Equal("session_not_opened", (await link.NextAsync("refuse")).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync("/api/sessions/s1")).Status);
    }

    [Fact]
    public async Task A_session_of_another_namespace_is_denied()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var mine = await LinkClient.OpenAsync(Hub, "s1");
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);

        var answer = await theirs.HelloAsync("s1");

        Assert.Equal("access-denied", answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Two_namespaces_that_open_one_id_at_once_get_one_session()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var mine = await LinkClient.ConnectAsync(Hub);
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);
        await mine.HelloAsync("s1");
        await theirs.HelloAsync("s1");

        await mine.AppendAsync(Facts.Opened(machine: "m1"));
        await theirs.SendFactsAsync(1, [Facts.Opened(machine: "m2"), Facts.Message("foreign")]);

        await theirs.ClosedAsync();
        Assert.Empty(await TextsAsync("s1"));
    }

    [Fact]
    public async Task A_machine_of_another_namespace_opens_nothing()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var mine = await LinkClient.OpenAsync(Hub, "s1", machine: "m1");
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);
        await theirs.HelloAsync("s2");

        await theirs.AppendAsync(Facts.Opened(machine: "m1"));

        Assert.Equal("machine_denied", (await theirs.NextAsync("refuse")).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync("/api/sessions/s2", await Hub.SignInAsync(other))).Status);
    }

    [Fact]
    public async Task A_newer_process_takes_the_session_over_and_the_older_is_told()
    {
        await using var first = await LinkClient.OpenAsync(Hub, "s1");
        await using var second = await LinkClient.OpenAsync(Hub, "s1", generation: 2);

        await first.ClosedAsync();
        await using var again = await LinkClient.ConnectAsync(Hub);
        var answer = await again.HelloAsync("s1", generation: 1);

        Assert.Equal("superseded", answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_a_dead_process_left_is_added_but_rules_no_more()
    {
        await using (var first = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await first.AppendAsync(Facts.Asks("old"));
        }

        await using var second = await LinkClient.ConnectAsync(Hub);
        var hello = (await second.HelloAsync("s1", 2, [1])).GetProperty("result");
        Assert.Equal(2, hello.GetProperty("olderThrough").GetProperty("1").GetInt64());
        await second.AppendAsync(Facts.Opened(path: "/new"), Facts.Asks("new"));
        await second.SendFactsAsync(3, [Facts.Message("left over"), Facts.Metadata(new { path = "/old" }), Facts.Asks("ghost"), Facts.Ended()], generation: 1);
        await second.AckedAsync(6, generation: 1);

        var session = (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session");
        Assert.Equal(["left over"], await TextsAsync("s1"));
        Assert.Equal("/new", session.GetProperty("metadata").GetProperty("path").GetString());
        Assert.True(session.GetProperty("active").GetBoolean());
        Assert.Equal(["new"], session.GetProperty("agentState").GetProperty("requests").EnumerateObject().Select(r => r.Name));
        Assert.Equal("canceled", session.GetProperty("agentState").GetProperty("completedRequests").GetProperty("old").GetProperty("status").GetString());
    }
}
