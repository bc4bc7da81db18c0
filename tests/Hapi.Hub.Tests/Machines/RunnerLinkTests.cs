using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;
using Hapi.TestKit;

namespace Hapi.Hub.Tests.Machines;

public sealed class SqliteRunnerLinkTests() : RunnerLinkTests(StoreKind.Sqlite);

public sealed class PostgresRunnerLinkTests() : RunnerLinkTests(StoreKind.Postgres);

public abstract class RunnerLinkTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task A_machine_is_there_while_its_runner_has_a_link()
    {
        await using var events = await EventClient.ConnectAsync(Hub);
        await using (var runner = await RunnerClient.OpenAsync(Hub))
        {
            await runner.HealthAsync(new { collectedAt = 5, cpuCount = 2, cpuPercent = 40 });
            await events.NextAsync("machine-updated", e => e.GetProperty("data").GetProperty("health") is { ValueKind: JsonValueKind.Object } health && health.GetProperty("cpuPercent").GetInt32() == 40);

            var machine = await MachineAsync();
            Assert.True(machine.GetProperty("active").GetBoolean());
            Assert.Equal("running", machine.GetProperty("runnerState").GetProperty("status").GetString());
            Assert.Equal(40, machine.GetProperty("health").GetProperty("cpuPercent").GetInt32());
        }

        await Eventually.TrueAsync(async () => (await MachinesAsync()).GetArrayLength() == 0, "the machine is gone", Token);
    }

    [Theory]
    [InlineData("""{"collectedAt":6,"cpuCount":2,"cpuPercent":101}""")]
    [InlineData("""{"collectedAt":6,"cpuCount":0}""")]
    [InlineData("""{"collectedAt":6,"cpuCount":2,"mood":"fine"}""")]
    [InlineData("""{"collectedAt":"now","cpuCount":2}""")]
    [InlineData("""{"cpuPercent":-1}""")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task A_health_that_cannot_be_is_ignored(string health)
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.HealthAsync(new { collectedAt = 5, cpuCount = 2, cpuPercent = 40 });
        await runner.Link.SendAsync($$$"""{"jsonrpc":"2.0","method":"live","params":{"machineId":"m1","health":{{{health}}}}}""");
        await runner.Link.SendAsync("""{"jsonrpc":"2.0","method":"live","params":{"machineId":"m2","health":{"collectedAt":5,"cpuCount":2,"cpuPercent":1}}}""");
        await runner.Link.RequestRawAsync("ping", "{}");

        await Eventually.TrueAsync(async () => (await MachineAsync()).GetProperty("health").ValueKind is JsonValueKind.Object, "health is shown", Token);
        Assert.Equal(40, (await MachineAsync()).GetProperty("health").GetProperty("cpuPercent").GetInt32());
    }

    [Fact]
    public async Task What_a_runner_says_is_laid_over_what_is_known_and_a_persons_name_stays()
    {
        await using (await RunnerClient.OpenAsync(Hub, metadata: new { host = "box", homeDir = "/root", supervisedRestart = true }))
        {
            Assert.Equal(HttpStatusCode.OK, (await Hub.SendAsync(HttpMethod.Patch, "/api/machines/m1", new { displayName = " Desk " })).Status);
        }

        await using var next = await RunnerClient.OpenAsync(Hub, generation: 2, metadata: new { host = "box2", displayName = "theirs" });
        await next.AppendAsync(Facts.Json(new { kind = "machine.patch", at = 1, set = new { extra = 1, displayName = "theirs" }, remove = new[] { "displayName" }, runnerState = new { status = "busy" } }));

        var machine = await MachineAsync();
        var metadata = machine.GetProperty("metadata");
        Assert.Equal(("box2", "/root", "Desk", 1), (metadata.GetProperty("host").GetString(), metadata.GetProperty("homeDir").GetString(), metadata.GetProperty("displayName").GetString(), metadata.GetProperty("extra").GetInt32()));
        Assert.False(metadata.TryGetProperty("supervisedRestart", out _)); // it is not said any more
        Assert.Equal("busy", machine.GetProperty("runnerState").GetProperty("status").GetString());
        Assert.True(machine.GetProperty("runnerStateVersion").GetInt64() > 1);
    }

    [Fact]
    public async Task A_newer_runner_cuts_an_older_one_which_is_told_why()
    {
        await using var old = await RunnerClient.OpenAsync(Hub);
        await using var next = await RunnerClient.OpenAsync(Hub, generation: 2);

        Assert.Equal(0, await old.Link.ClosedAsync());
        await using var back = await LinkClient.ConnectAsync(Hub);
        Assert.Equal("superseded", Code(await back.HelloAsync("runner", "m1", 1)));
        Assert.True((await MachineAsync()).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task What_an_older_runner_left_is_applied_once_and_changes_nothing_of_the_newer()
    {
        await using (var old = await RunnerClient.OpenAsync(Hub))
        {
            await old.AppendAsync(Facts.Json(new { kind = "machine.patch", at = 1, set = new { step = 1 } }));
        }

        await using var next = await LinkClient.ConnectAsync(Hub);
        var hello = (await next.HelloAsync("runner", "m1", 2, older: [1])).GetProperty("result");
        Assert.Equal(2, hello.GetProperty("olderThrough").GetProperty("1").GetInt64());
        await next.AppendAsync(Facts.MachineOpened());
        await next.SendFactsAsync(2, [Facts.Json(new { kind = "machine.patch", at = 1, set = new { step = 1 } }), Facts.Json(new { kind = "machine.patch", at = 1, set = new { step = 3 } })], generation: 1);
        await next.AckedAsync(3, generation: 1);

        Assert.Equal(1, (await MachineAsync()).GetProperty("metadata").GetProperty("step").GetInt32());
    }

    [Fact]
    public async Task A_runner_of_another_namespace_does_not_come_in()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var mine = await RunnerClient.OpenAsync(Hub);
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);

        Assert.Equal("access-denied", Code(await theirs.HelloAsync("runner", "m1", 1)));
    }

    [Fact]
    public async Task Two_namespaces_that_name_the_same_machine_count_apart_and_the_second_is_cut()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var theirs = await LinkClient.ConnectAsync(Hub, other);
        await theirs.HelloAsync("runner", "m1", 1);
        await theirs.AppendAsync("""{"kind":"nonsense"}""", """{"kind":"nonsense"}""");

        await using var mine = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(0, (await mine.HelloAsync("runner", "m1", 1)).GetProperty("result").GetProperty("through").GetInt64());
        await mine.AppendAsync(Facts.MachineOpened());
        await theirs.SendFactsAsync(3, [Facts.MachineOpened()]);

        await theirs.ClosedAsync();
        Assert.Equal("default", (await MachineAsync()).GetProperty("namespace").GetString());
    }

    [Fact]
    public async Task A_machine_and_a_session_of_one_id_count_apart()
    {
        await using var session = await LinkClient.OpenAsync(Hub, "same", machine: "same");
        await session.AppendAsync(Facts.Message("a"));
        await using var runner = await LinkClient.ConnectAsync(Hub);

        Assert.Equal(0, (await runner.HelloAsync("runner", "same", 1)).GetProperty("result").GetProperty("through").GetInt64());
    }

    [Theory]
    [InlineData("""{"protocol":1,"role":"runner","generation":1}""")]
    [InlineData("""{"protocol":1,"role":"runner","sessionId":"s1","generation":1}""")]
    [InlineData("""{"protocol":1,"role":"runner","machineId":"a b","generation":1}""")]
    [InlineData("""{"protocol":1,"role":"courier","machineId":"m1","generation":1}""")]
    public async Task A_hello_must_name_what_its_role_is_about(string hello)
    {
        await using var link = await LinkClient.ConnectAsync(Hub);

        Assert.Equal("invalid_hello", Code(await link.RequestRawAsync("hello", hello)));
    }

    [Theory]
    [InlineData("""{"kind":"machine.opened","at":1,"machine":{"id":"m2","metadata":{}},"runnerState":{}}""", "invalid_fact")]
    [InlineData("""{"kind":"machine.opened","at":1,"machine":{"id":"m1"},"runnerState":{}}""", "invalid_fact")]
    [InlineData("""{"kind":"machine.opened","at":1,"machine":{"id":"m1","metadata":{}},"runnerState":7}""", "invalid_fact")]
    [InlineData("""{"kind":"machine.patch","at":1,"runnerState":[]}""", "invalid_fact")]
    [InlineData("""{"kind":"process.died","at":1,"sessionId":"s1","pid":0,"startTime":1}""", "invalid_fact")]
    [InlineData("""{"kind":"process.died","at":1,"sessionId":7,"pid":1,"startTime":1}""", "invalid_fact")]
    [InlineData("""{"kind":"process.stopped","at":1,"sessionId":"s1","pid":1,"startTime":1,"reason":"r","outcome":"vanished","by":"b","why":"w"}""", "invalid_fact")]
    [InlineData("""{"kind":"process.started","at":1,"sessionId":"s1","pid":1,"startTime":1}""", "invalid_fact")]
    [InlineData("""{"kind":"message","at":1,"content":{}}""", "fact_not_of_role")]
    [InlineData("""{"kind":"session.ended","at":1,"reason":"completed","archivedBy":"cli","archiveReason":"x","exitCode":0}""", "fact_not_of_role")]
    [InlineData("""{"kind":"machine.closed","at":1}""", "unknown_fact")]
    public async Task A_fact_that_cannot_be_is_refused_and_the_next_is_applied(string fact, string code)
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);

        await runner.AppendAsync(fact, Facts.Json(new { kind = "machine.patch", at = 1, set = new { after = true } }));

        Assert.Equal(code, (await runner.Link.NextAsync("refuse")).GetProperty("code").GetString());
        Assert.True((await MachineAsync()).GetProperty("metadata").GetProperty("after").GetBoolean());
    }

    [Fact]
    public async Task A_runner_that_has_not_opened_its_machine_tells_nothing()
    {
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("runner", "m9", 1);
        await link.AppendAsync(Facts.Died("s1", 1));

        Assert.Equal("machine_not_opened", (await link.NextAsync("refuse")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_session_does_not_tell_what_only_a_runner_can()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Died("s1", 1));

        Assert.Equal("fact_not_of_role", (await link.NextAsync("refuse")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_runner_tells_nothing_of_another_namespaces_sessions()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using (var theirs = await LinkClient.ConnectAsync(Hub, other))
        {
            await theirs.HelloAsync("w1");
            await theirs.AppendAsync(Facts.OpenedBy(41, machine: "m2"));
        }

        await using var runner = await RunnerClient.OpenAsync(Hub);
        await runner.AppendAsync(Facts.Died("w1", 41), Facts.Stopped("w1", 41));

        Assert.Equal("session_denied", (await runner.Link.NextAsync("refuse")).GetProperty("code").GetString());
        Assert.Equal("session_denied", (await runner.Link.NextAsync("refuse")).GetProperty("code").GetString());
    }

    private static string? Code(JsonElement answer) => answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString();

    private async Task<JsonElement> MachinesAsync() => (await Hub.GetAsync("/api/machines")).Body.GetProperty("machines");

    private async Task<JsonElement> MachineAsync() => Assert.Single((await MachinesAsync()).EnumerateArray());
}
