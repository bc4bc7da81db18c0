using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;
using Hapi.TestKit;

namespace Hapi.Hub.Tests.Sessions;

public sealed class SqliteInterruptionTests() : InterruptionTests(StoreKind.Sqlite);

public sealed class PostgresInterruptionTests() : InterruptionTests(StoreKind.Postgres);

/// <summary>Which ends are interruptions.</summary>
public abstract class InterruptionTests(StoreKind store) : HubTests(store)
{
    private const int Pid = 41;

    [Fact]
    public async Task A_death_without_a_word_ends_the_session_as_interrupted_and_writes_nothing_in_its_name()
    {
        await LiveAndVanishAsync(Facts.Asks("r1"));
        await using var events = await EventClient.ConnectAsync(Hub);
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("s1", Pid));

        var session = await SessionAsync();
        Assert.True(IsInterrupted(session));
        Assert.True(IsInterrupted((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions")[0]));
        Assert.Equal("ended", session.GetProperty("liveness").GetProperty("state").GetString());
        Assert.Equal("running", session.GetProperty("metadata").GetProperty("lifecycleState").GetString());
        Assert.False(session.GetProperty("metadata").TryGetProperty("archivedBy", out _));
        Assert.Equal("canceled", session.GetProperty("agentState").GetProperty("completedRequests").GetProperty("r1").GetProperty("status").GetString());
        await events.NextAsync("session-ended");
        Assert.Equal("session_inactive", (await Hub.PostAsync("/api/sessions/s1/messages", new { text = "x" })).Code);
    }

    [Theory]
    [InlineData(Pid + 1, "m1", Facts.Then + 10)]
    [InlineData(Pid, "m2", Facts.Then + 10)]
    [InlineData(Pid, "m1", Facts.Then - 10)] // of an earlier process that had this pid
    public async Task The_death_of_another_process_ends_nothing(int pid, string machine, long at)
    {
        await LiveAndVanishAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub, machine);
        await runner.AppendAsync(Facts.Died("s1", pid, at));

        var session = await SessionAsync();
        Assert.Equal("unreachable", session.GetProperty("liveness").GetProperty("state").GetString());
        Assert.False(IsInterrupted(session));
    }

    [Fact]
    public async Task A_death_that_is_told_while_the_link_still_stands_counts_when_it_falls()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        var link = await OpenAsync();
        await runner.AppendAsync(Facts.Died("s1", Pid));
        Assert.Equal("connected", (await SessionAsync()).GetProperty("liveness").GetProperty("state").GetString());

        await link.DisposeAsync();

        await Eventually.TrueAsync(async () => IsInterrupted(await SessionAsync()), "it is interrupted", Token);
    }

    [Fact]
    public async Task Its_own_word_wins_over_its_death()
    {
        await LiveAndVanishAsync(Facts.Ended());
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("s1", Pid));

        var session = await SessionAsync();
        Assert.False(IsInterrupted(session));
        Assert.Equal("Session completed", session.GetProperty("metadata").GetProperty("archiveReason").GetString());
    }

    [Theory]
    [InlineData("Session completed", false)]
    [InlineData("User terminated", false)]
    [InlineData("Stopped by runner", false)]
    [InlineData("Hub restart", true)]
    public async Task A_word_that_comes_late_from_its_outbox_wins(string label, bool interrupted)
    {
        await LiveAndVanishAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("s1", Pid));
        await using var courier = await LinkClient.ConnectAsync(Hub);
        await courier.HelloAsync("courier", "s1", 1);
        await courier.AppendAsync(Facts.Ended("terminated", label));

        var session = await SessionAsync();
        Assert.Equal(interrupted, IsInterrupted(session));
        Assert.Equal(("archived", label), (session.GetProperty("metadata").GetProperty("lifecycleState").GetString(), session.GetProperty("metadata").GetProperty("archiveReason").GetString()));
    }

    [Theory]
    [InlineData("ended,stopped")]
    [InlineData("stopped,ended")]
    [InlineData("died,stopped")]
    [InlineData("stopped,died")]
    [InlineData("died,stopped,ended")]
    [InlineData("stopped,died,ended")]
    [InlineData("died,ended,stopped")]
    public async Task What_somebody_stopped_is_not_interrupted_in_whatever_order_it_is_told(string order)
    {
        await LiveAndVanishAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await using var courier = await LinkClient.ConnectAsync(Hub);
        await courier.HelloAsync("courier", "s1", 1);
        foreach (var word in order.Split(','))
        {
            await (word switch
            {
                "ended" => courier.AppendAsync(Facts.Ended("terminated", "Hub restart")),
                "died" => runner.AppendAsync(Facts.Died("s1", Pid)),
                _ => runner.AppendAsync(Facts.Stopped("s1", Pid)),
            });
        }

        var session = await SessionAsync();
        Assert.False(IsInterrupted(session));
        Assert.Equal("ended", session.GetProperty("liveness").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_stop_that_did_not_end_it_ends_nothing()
    {
        await LiveAndVanishAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Stopped("s1", Pid, "still_alive"));

        Assert.Equal("unreachable", (await SessionAsync()).GetProperty("liveness").GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_told_of_a_process_before_its_session_is_known_counts_when_it_is()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("dead", Pid), Facts.Stopped("stopped", Pid));

        foreach (var id in new[] { "dead", "stopped" })
        {
            await using var courier = await LinkClient.ConnectAsync(Hub);
            await courier.HelloAsync("courier", id, 1);
            await courier.AppendAsync(Facts.OpenedBy(Pid), Facts.Message("last"));
        }

        Assert.Equal((true, "ended"), (IsInterrupted(await SessionAsync("dead")), (await SessionAsync("dead")).GetProperty("liveness").GetProperty("state").GetString()));
        Assert.Equal((false, "ended"), (IsInterrupted(await SessionAsync("stopped")), (await SessionAsync("stopped")).GetProperty("liveness").GetProperty("state").GetString()));
        Assert.Equal(["last"], await TextsAsync("dead"));
    }

    [Fact]
    public async Task An_end_by_restart_is_an_interruption_unless_a_person_had_asked_for_it()
    {
        await using (var link = await OpenAsync())
        {
            await link.AppendAsync(Facts.Ended("terminated", "Hub restart"));
            Assert.True(IsInterrupted(await SessionAsync()));
        }

        await using var other = await LinkClient.ConnectAsync(Hub);
        await other.HelloAsync("s2");
        await other.AppendAsync(Facts.OpenedBy(Pid + 1));
        var archiving = Hub.PostAsync("/api/sessions/s2/archive");
        await other.CommandAsync("stop");
        await other.AppendAsync(Facts.Ended("terminated", "Hub restart"));

        Assert.Equal(HttpStatusCode.OK, (await archiving).Status);
        Assert.False(IsInterrupted(await SessionAsync("s2")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_persons_archive_settles_it(bool died)
    {
        await LiveAndVanishAsync(died ? [] : [Facts.Ended("terminated", "Hub restart")]);
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("s1", Pid));
        Assert.True(IsInterrupted(await SessionAsync()));

        var answer = await Hub.PostAsync("/api/sessions/s1/archive");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(!died, answer.Body.TryGetProperty("alreadyArchived", out _));
        var session = await SessionAsync();
        Assert.False(IsInterrupted(session));
        Assert.Equal(("archived", died ? "hub" : "cli"), (session.GetProperty("metadata").GetProperty("lifecycleState").GetString(), session.GetProperty("metadata").GetProperty("archivedBy").GetString()));

        // The dead process's own word, late, does not bring it back.
        await using var courier = await LinkClient.ConnectAsync(Hub);
        await courier.HelloAsync("courier", "s1", 1);
        await courier.AppendAsync(Facts.Ended("terminated", "Hub restart"));
        Assert.False(IsInterrupted(await SessionAsync()));
    }

    [Fact]
    public async Task A_session_that_runs_again_is_not_interrupted_any_more_and_an_old_death_does_not_end_it()
    {
        await LiveAndVanishAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("s1", Pid));
        await using var next = await LinkClient.ConnectAsync(Hub);
        await next.HelloAsync("s1", 2);
        await next.AppendAsync(Facts.OpenedBy(Pid, at: Facts.Then + 100)); // with the same pid, as in a container

        await runner.AppendAsync(Facts.Died("s1", Pid));
        await next.CutAsync();

        await Eventually.TrueAsync(async () => (await SessionAsync()).GetProperty("liveness").GetProperty("state").GetString() is "unreachable", "the link is gone", Token);
        Assert.False(IsInterrupted(await SessionAsync()));
    }

    [Fact]
    public async Task It_is_still_interrupted_after_a_restart_of_the_hub()
    {
        await LiveAndVanishAsync(Facts.Ended("terminated", "Hub restart"));

        await Hub.RestartAsync();

        Assert.True(IsInterrupted(await SessionAsync()));
        Assert.True(IsInterrupted((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions")[0]));
    }

    private static bool IsInterrupted(JsonElement session) => session.TryGetProperty("interrupted", out var value) && value.GetBoolean();

    private async Task<LinkClient> OpenAsync()
    {
        var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("s1");
        await link.AppendAsync(Facts.OpenedBy(Pid));
        return link;
    }

    private async Task LiveAndVanishAsync(params string[] facts)
    {
        await using (var link = await OpenAsync())
        {
            if (facts.Length > 0)
            {
                await link.AppendAsync(facts);
            }
        }

        await Eventually.TrueAsync(async () => (await SessionAsync()).GetProperty("liveness").GetProperty("state").GetString() is not "connected", "the link is gone", Token);
    }

    private async Task<JsonElement> SessionAsync(string id = "s1") => (await Hub.GetAsync($"/api/sessions/{id}")).Body.GetProperty("session");
}
