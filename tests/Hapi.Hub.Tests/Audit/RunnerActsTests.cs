using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Audit;

public sealed class SqliteRunnerActsTests() : RunnerActsTests(StoreKind.Sqlite);

public sealed class PostgresRunnerActsTests() : RunnerActsTests(StoreKind.Postgres);

/// <summary>What runners tell, what was interrupted, and what was brought back.</summary>
public abstract class RunnerActsTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task A_runner_that_comes_and_goes_tells_so_once()
    {
        await using (var runner = await RunnerClient.OpenAsync(Hub, generation: 1))
        {
            await runner.AppendAsync(Patch("running", null), Patch("shutting-down", "os-signal"), Patch("shutting-down", "os-signal"));
        }

        await using var again = await RunnerClient.OpenAsync(Hub, generation: 2);
        await Hub.SendAsync(HttpMethod.Patch, "/api/machines/m1", new { displayName = "shed" });

        Assert.Equal(["runner.started runner box link - -", "runner.stopped runner box link - -", "runner.started runner box link - -"], await LinesAsync("kind=runner."));
        Assert.Equal("os-signal", (await Hub.ActAsync("runner.stopped")).GetProperty("after").GetProperty("by").GetString());
        var renamed = await Hub.ActAsync("machine.renamed");
        Assert.Equal(("machine.renamed user owner web - -", "m1", """{"name":"shed"}"""), (renamed.Line(), renamed.GetProperty("machineId").GetString(), renamed.GetProperty("after").GetRawText()));
    }

    [Fact]
    public async Task The_runners_own_word_on_a_stop_stands_beside_the_label_of_the_session()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Ended("terminated", "Hub restart"));
        await runner.AppendAsync(Facts.Stopped("s1", 41));

        Assert.Equal(["session.started", "session.ended", "session.interrupted", "process.stopped"], await KindsAsync("session=s1"));
        var stopped = await Hub.ActAsync("process.stopped");
        Assert.Equal(("process.stopped device phone control stop-session Stopped by runner", "m1", "terminated"),
            (stopped.Line(), stopped.GetProperty("machineId").GetString(), stopped.GetProperty("after").GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task A_death_without_a_word_is_told_with_what_the_hub_made_of_it()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await using (var link = await LinkClient.ConnectAsync(Hub))
        {
            await link.HelloAsync("s1");
            await link.AppendAsync(Facts.OpenedBy(41));
        }

        await TestKit.Eventually.TrueAsync(async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link has gone", Token);
        await runner.AppendAsync(Facts.Died("s1", 41));

        Assert.Equal(["process.died runner box link - -", "session.interrupted hub - hub - -"], (await LinesAsync("session=s1"))[1..]);
    }

    [Fact]
    public async Task A_session_brought_back_was_reopened_by_whoever_asked()
    {
        var (phone, _) = await Hub.PairAsync("default", "my phone");
        await EndedAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        var reopening = Hub.PostAsync("/api/sessions/s1/reopen", token: await Hub.SignInAsync(phone));
        await runner.SpawnAsync();
        await using var next = await LinkClient.OpenAsync(Hub, "s1", generation: 2);
        await next.AppendAsync(Facts.Ready());
        Assert.True((await reopening).Body.GetProperty("ok").GetBoolean());

        Assert.Equal(["session.started", "session.ended", "session.reopened", "session.started"], await KindsAsync("session=s1"));
        Assert.Equal("session.reopened device my phone web - -", (await Hub.ActAsync("session.reopened")).Line());
    }

    [Fact]
    public async Task One_that_could_not_be_brought_back_tells_why()
    {
        await EndedAsync();
        await using var runner = await RunnerClient.OpenAsync(Hub);
        runner.AnswersSpawns(_ => """{"type":"error","errorMessage":"The folder is gone."}""");
        await Hub.PostAsync("/api/sessions/s1/reopen");

        Assert.Equal(["session.reopened user owner web - -", "session.reopen_failed hub - hub - The folder is gone."], (await LinesAsync("session=s1"))[^2..]);
    }

    [Fact]
    public async Task What_a_runner_tells_of_another_namespaces_session_leaves_no_row_there()
    {
        var (phone, _) = await Hub.PairAsync("work", "my phone");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var runner = await RunnerClient.OpenAsync(Hub, "m2", phone);
        await runner.AppendAsync(Facts.Stopped("s1", 41), Facts.Died("s1", 41));

        Assert.Equal(["session.started"], await KindsAsync("session=s1"));
        Assert.Empty(await Hub.ActsAsync("kind=process."));
    }

    private async Task EndedAsync()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Ended());
    }

    private static string Patch(string status, string? source) => Facts.Json(new { kind = "machine.patch", at = Facts.Then, runnerState = new { status, shutdownSource = source } });

    private async Task<string[]> KindsAsync(string query) => [.. (await Hub.ActsAsync(query)).Select(a => a.GetProperty("kind").GetString()!)];

    private async Task<string[]> LinesAsync(string query) => [.. (await Hub.ActsAsync(query)).Select(a => a.Line())];
}
