using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Sessions;

public sealed class SqliteLifecycleTests() : LifecycleTests(StoreKind.Sqlite);

public sealed class PostgresLifecycleTests() : LifecycleTests(StoreKind.Postgres);

public abstract class LifecycleTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task A_session_that_opens_is_listed_with_what_it_says_of_itself()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.PresenceAsync(thinking: true, model: "opus");
        await TestKit.Eventually.TrueAsync(async () => (await SummaryAsync("s1")).GetProperty("thinking").GetBoolean(), "presence is shown", Token);

        var summary = await SummaryAsync("s1");
        var session = await SessionAsync("s1");

        Assert.True(summary.GetProperty("active").GetBoolean());
        Assert.Equal("opus", summary.GetProperty("model").GetString());
        Assert.Equal(("/repo", "demo", "native-1", "running", "m1"), (
            summary.GetProperty("metadata").GetProperty("path").GetString(), summary.GetProperty("metadata").GetProperty("flavor").GetString(),
            summary.GetProperty("metadata").GetProperty("agentSessionId").GetString(), summary.GetProperty("metadata").GetProperty("lifecycleState").GetString(),
            summary.GetProperty("metadata").GetProperty("machineId").GetString()));
        Assert.Equal(("default", "connected"), (session.GetProperty("namespace").GetString(), session.GetProperty("liveness").GetProperty("state").GetString()));
        Assert.Equal("default", session.GetProperty("permissionMode").GetString());
        Assert.Equal("m1", Assert.Single((await Hub.GetAsync("/api/machines")).Body.GetProperty("machines").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_session_without_a_link_is_unreachable_not_ended_and_its_machine_is_not_listed()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await InactiveAsync("s1");
        var session = await SessionAsync("s1");

        Assert.Equal("unreachable", session.GetProperty("liveness").GetProperty("state").GetString());
        Assert.Equal("running", session.GetProperty("metadata").GetProperty("lifecycleState").GetString());
        Assert.Equal("[]", (await Hub.GetAsync("/api/machines")).Body.GetProperty("machines").GetRawText());
    }

    [Fact]
    public async Task An_end_writes_its_labels_and_cancels_what_was_asked_in_one_step()
    {
        await using var events = await EventClient.ConnectAsync(Hub);
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Asks("r1"), Facts.Ended("error", "Session crashed"));

        var session = await SessionAsync("s1");

        Assert.False(session.GetProperty("active").GetBoolean());
        Assert.Equal("ended", session.GetProperty("liveness").GetProperty("state").GetString());
        Assert.Equal(("archived", "cli", "Session crashed"), Labels(session));
        Assert.Equal("canceled", session.GetProperty("agentState").GetProperty("completedRequests").GetProperty("r1").GetProperty("status").GetString());
        Assert.Equal("error", (await events.NextAsync("session-ended")).Data.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Archiving_lets_the_session_say_its_own_last_word()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        var archiving = Hub.PostAsync("/api/sessions/s1/archive");
        var stop = await link.CommandAsync("stop");
        await link.AppendAsync(Facts.Accepted(stop.GetProperty("id").GetString()!), Facts.Ended("terminated", "User terminated"));

        Assert.Equal("""{"ok":true}""", (await archiving).Body.GetRawText());
        Assert.Equal(("archived", "cli", "User terminated"), Labels(await SessionAsync("s1")));
        Assert.Equal("""{"ok":true,"alreadyArchived":true}""", (await Hub.PostAsync("/api/sessions/s1/archive")).Body.GetRawText());
    }

    [Fact]
    public async Task Archiving_a_session_out_of_reach_is_the_hubs_word_and_stays_when_it_returns()
    {
        await using (var gone = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await gone.AppendAsync(Facts.Asks("r1"));
        }

        await InactiveAsync("s1");
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/sessions/s1/archive")).Status);

        var session = await SessionAsync("s1");
        Assert.Equal(("archived", "hub", "Archived from hub (CLI unreachable)"), Labels(session));
        Assert.Equal("{}", session.GetProperty("agentState").GetProperty("requests").GetRawText());

        await using var back = await LinkClient.ConnectAsync(Hub);
        await back.HelloAsync("s1");
        await back.CommandAsync("stop");
        await back.AppendAsync(Facts.Ended("terminated", "User terminated"));
        Assert.Equal(("archived", "hub", "Archived from hub (CLI unreachable)"), Labels(await SessionAsync("s1")));
    }

    [Fact]
    public async Task A_session_that_hangs_is_archived_by_the_hub_after_two_seconds()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/sessions/s1/archive")).Status);

        Assert.Equal("hub", Labels(await SessionAsync("s1")).By);
    }

    [Fact]
    public async Task A_session_that_starts_again_is_running_again_and_does_not_die_of_an_old_stop()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await InactiveAsync("s1");
        await Hub.PostAsync("/api/sessions/s1/archive");
        await using var next = await LinkClient.ConnectAsync(Hub);
        await next.HelloAsync("s1", generation: 2);
        await next.AppendAsync(Facts.Opened());

        Assert.Equal(("running", null, null), Labels(await SessionAsync("s1")));
        Assert.True((await SessionAsync("s1")).GetProperty("active").GetBoolean());
        await using var again = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(0, (await again.HelloAsync("s1", 2)).GetProperty("result").GetProperty("commands").GetInt32());
    }

    [Fact]
    public async Task An_ended_session_that_was_never_archived_cannot_be()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Ended());
        await Hub.TamperAsync("update sessions set metadata = replace(metadata, '\"archived\"', '\"finished\"')");

        var answer = await Hub.PostAsync("/api/sessions/s1/archive");

        Assert.Equal((HttpStatusCode.Conflict, "Session is inactive", (string?)null), (answer.Status, answer.Error, answer.Code));
    }

    [Fact]
    public async Task A_name_wins_and_no_process_takes_it_away()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var before = (await SessionAsync("s1")).GetProperty("updatedAt").GetInt64();

        Assert.Equal(HttpStatusCode.OK, (await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "Mine" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1/summary", new { text = " Title " })).Status);
        Assert.Equal(before, (await SessionAsync("s1")).GetProperty("updatedAt").GetInt64());
        await link.AppendAsync(Facts.Metadata(new { name = "Theirs", extra = new { deep = new[] { 1, 2 } } }, "name"));

        var metadata = (await SessionAsync("s1")).GetProperty("metadata");
        Assert.Equal(("Mine", "Title"), (metadata.GetProperty("name").GetString(), metadata.GetProperty("summary").GetProperty("text").GetString()));
        Assert.Equal("""{"deep":[1,2]}""", metadata.GetProperty("extra").GetRawText());
    }

    [Fact]
    public async Task Pins_exclude_each_other_and_lead_the_list()
    {
        await using var one = await LinkClient.OpenAsync(Hub, "s1");
        await using var two = await LinkClient.OpenAsync(Hub, "s2");
        await using var three = await LinkClient.OpenAsync(Hub, "s3");
        await three.AppendAsync(Facts.Asks("r"));

        await Hub.SendAsync(HttpMethod.Put, "/api/sessions/s1/pin", new { mode = "project" });
        await Hub.SendAsync(HttpMethod.Put, "/api/sessions/s2/pin", new { mode = "project" });
        await Hub.SendAsync(HttpMethod.Put, "/api/sessions/s2/pin", new { mode = "global" });

        Assert.Equal(["s2", "s1", "s3"], await IdsAsync("/api/sessions"));
        Assert.Equal((false, true), ((await SummaryAsync("s2")).GetProperty("pinned").GetBoolean(), (await SummaryAsync("s2")).GetProperty("globalPinned").GetBoolean()));
        Assert.Equal(["s2"], await IdsAsync("/api/sessions?limit=1"));
        Assert.Equal("s3", (await IdsAsync("/api/sessions?order=updatedAt"))[0]);
        Assert.Equal(3, (await IdsAsync("/api/sessions?limit=nonsense")).Length);
        await Hub.SendAsync(HttpMethod.Put, "/api/sessions/s2/pin", new { mode = "none" });
        Assert.Equal("s1", (await IdsAsync("/api/sessions"))[0]);
    }

    [Theory]
    [InlineData("PATCH", "", """{"name":""}""")]
    [InlineData("PATCH", "", """{"name":7}""")]
    [InlineData("PATCH", "", "[]")]
    [InlineData("PATCH", "/summary", """{"text":"   "}""")]
    [InlineData("PUT", "/pin", """{"mode":"sideways"}""")]
    [InlineData("PUT", "/pin", "")]
    public async Task A_bad_change_is_400_and_changes_nothing(string method, string route, string body)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var before = await SessionAsync("s1");

        var answer = await Hub.SendAsync(new HttpMethod(method), $"/api/sessions/s1{route}", body);

        Assert.Equal((HttpStatusCode.BadRequest, "Invalid body"), (answer.Status, answer.Error));
        Assert.Equal(before.GetProperty("seq").GetInt64(), (await SessionAsync("s1")).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Only_an_inactive_session_is_deleted_and_then_it_is_gone_everywhere()
    {
        var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync(Facts.Message("x"));
        var refused = await Hub.DeleteAsync("/api/sessions/s1");
        await link.DisposeAsync();
        await InactiveAsync("s1");

        Assert.Equal((HttpStatusCode.Conflict, "session_active"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.OK, (await Hub.DeleteAsync("/api/sessions/s1")).Status);
        await events.NextAsync("session-removed");
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync("/api/sessions/s1/messages")).Status);
        Assert.Empty(await IdsAsync("/api/sessions"));

        await using var back = await LinkClient.ConnectAsync(Hub);
        await back.HelloAsync("s1");
        await back.AppendAsync(Facts.Message("ghost"));
        Assert.Equal("session_deleted", (await back.NextAsync("refuse")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Nothing_is_lost_or_changed_by_a_restart_of_the_hub()
    {
        var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Asks("r1"), Facts.Message("said"));
        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "queued", localId = "l1" });
        var before = await SessionAsync("s1");
        var token = Hub.OwnerToken;

        await Hub.RestartAsync();
        await link.DisposeAsync();

        var after = await SessionAsync("s1"); // with the token signed before
        Assert.Equal(token, Hub.OwnerToken);
        Assert.False(after.GetProperty("active").GetBoolean());
        Assert.Equal("running", after.GetProperty("metadata").GetProperty("lifecycleState").GetString());
        Assert.Equal(before.GetProperty("agentState").GetRawText(), after.GetProperty("agentState").GetRawText());
        Assert.Equal(2, (await Hub.GetAsync("/api/sessions/s1/messages")).Body.GetProperty("messages").GetArrayLength());
        await using var back = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(3, (await back.HelloAsync("s1")).GetProperty("result").GetProperty("through").GetInt64());
        Assert.Equal("l1", (await back.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/sessions/s1/permissions/r1/approve")).Status);
    }

    [Fact]
    public async Task How_a_session_is_set_outlives_its_link()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await link.PresenceAsync(thinking: false, model: "opus");
            await TestKit.Eventually.TrueAsync(async () => (await SessionAsync("s1")).GetProperty("model").GetString() is "opus", "the model is known", Token);
        }

        await Hub.RestartAsync();

        Assert.Equal(("opus", "default"), ((await SessionAsync("s1")).GetProperty("model").GetString(), (await SessionAsync("s1")).GetProperty("permissionMode").GetString()));
    }

    [Fact]
    public async Task A_plan_becomes_the_sessions_to_do_list()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Json(new
        {
            kind = "message",
            at = Facts.Then + 5,
            content = new { role = "agent", content = new { type = "codex", data = new { type = "plan", entries = new[] { new { content = "Fix", priority = "high", status = "completed" }, new { content = "Test", priority = "low", status = "pending" } } } } },
        }));

        Assert.Equal("""{"completed":1,"total":2}""", (await SummaryAsync("s1")).GetProperty("todoProgress").GetRawText());
        Assert.Equal("plan-2", (await SessionAsync("s1")).GetProperty("todos")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_namespace_sees_its_own_sessions_alone_on_every_route()
    {
        var (other, _) = await Hub.PairAsync("work");
        var token = await Hub.SignInAsync(other);
        await using var mine = await LinkClient.OpenAsync(Hub, "s1");
        await using var theirs = await LinkClient.OpenAsync(Hub, "w1", other, machine: "m2");

        Assert.Equal(["s1"], await IdsAsync("/api/sessions"));
        Assert.Equal(["w1"], (await Hub.GetAsync("/api/sessions", token)).Body.GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("id").GetString()!));
        Assert.Equal("m2", Assert.Single((await Hub.GetAsync("/api/machines", token)).Body.GetProperty("machines").EnumerateArray()).GetProperty("id").GetString());
        foreach (var (method, route) in new[]
        {
            ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("PATCH", "/summary"), ("PUT", "/pin"), ("POST", "/archive"), ("POST", "/abort"), ("POST", "/permission-mode"), ("POST", "/model"), ("POST", "/effort"),
            ("POST", "/model-reasoning-effort"), ("GET", "/messages"), ("POST", "/messages"), ("POST", "/messages/queued-state"), ("DELETE", "/messages/x"), ("POST", "/messages/x/retry"),
            ("POST", "/permissions/r/approve"), ("POST", "/permissions/r/deny"), ("GET", "/git-status"), ("GET", "/file?path=x"), ("GET", "/directory"),
        })
        {
            var foreign = await Hub.SendAsync(new HttpMethod(method), $"/api/sessions/s1{route}", method is "GET" ? null : "{}", token);
            var missing = await Hub.SendAsync(new HttpMethod(method), $"/api/sessions/nobody{route}", method is "GET" ? null : "{}", token);
            Assert.Equal((HttpStatusCode.Forbidden, "Session access denied"), (foreign.Status, foreign.Error));
            Assert.Equal((HttpStatusCode.NotFound, "Session not found"), (missing.Status, missing.Error));
        }
    }

    private async Task<JsonElement> SessionAsync(string id) => (await Hub.GetAsync($"/api/sessions/{id}")).Body.GetProperty("session");

    private async Task<JsonElement> SummaryAsync(string id) => (await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions").EnumerateArray().Single(s => s.GetProperty("id").GetString() == id);

    private async Task<string[]> IdsAsync(string path) => [.. (await Hub.GetAsync(path)).Body.GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("id").GetString()!)];

    private Task InactiveAsync(string id) => TestKit.Eventually.TrueAsync(async () => !(await SessionAsync(id)).GetProperty("active").GetBoolean(), "the link is gone", Token);

    private static (string? State, string? By, string? Reason) Labels(JsonElement session)
    {
        string? Of(string name) => session.GetProperty("metadata").TryGetProperty(name, out var value) ? value.GetString() : null;
        return (Of("lifecycleState"), Of("archivedBy"), Of("archiveReason"));
    }
}
