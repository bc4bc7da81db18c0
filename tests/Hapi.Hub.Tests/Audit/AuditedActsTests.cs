using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Audit;

public sealed class SqliteAuditedActsTests() : AuditedActsTests(StoreKind.Sqlite);

public sealed class PostgresAuditedActsTests() : AuditedActsTests(StoreKind.Postgres);

/// <summary>What is audited, and with which words: one row an act, with who really did it.</summary>
public abstract class AuditedActsTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task A_session_that_starts_and_ends_by_itself_tells_so()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Ended("completed", "Session completed", "completed"));

        Assert.Equal(["session.started cli box link demo -", "session.ended agent demo link - Session completed"], await LinesAsync("session=s1"));
        var ended = await Hub.ActAsync("session.ended");
        Assert.Equal("""{"reason":"completed","cause":"completed","archivedBy":"cli","exitCode":0,"happenedAt":1759000000001}""", ended.GetProperty("after").GetRawText());
        Assert.Equal(("default", "s1", "m1"), (ended.GetProperty("namespace").GetString(), ended.GetProperty("sessionId").GetString(), ended.GetProperty("machineId").GetString()));
    }

    [Theory]
    [InlineData("sigterm", null, "Hub restart", "session - signal")]
    [InlineData("sigint", null, "User terminated", "user terminal signal")]
    [InlineData("sighup", null, "Terminal closed", "user terminal signal")]
    [InlineData("control", "runner", "Stopped by runner", "runner runner control")]
    [InlineData("control", "doctor", "Hub restart", "cli doctor control")]
    [InlineData("control", "up", "User terminated", "cli up control")]
    [InlineData("handoff", "cli", "Handed off to local terminal", "cli cli control")]
    [InlineData("agent_failed", null, "Local launch failed: no", "agent demo link")]
    [InlineData("crashed", null, "Session crashed", "session - link")]
    [InlineData("archive", "my phone", "User terminated", "device my phone web")]
    [InlineData(null, null, "Hub restart", "session - link")]
    public async Task Who_ended_a_session_is_what_began_the_end(string? cause, string? by, string reason, string who)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Ended("terminated", reason, cause, by));

        Assert.Equal($"session.ended {who} - {reason}", (await Hub.ActAsync("session.ended")).Line());
    }

    [Fact]
    public async Task An_archive_names_the_device_and_the_end_that_follows_names_it_too()
    {
        var (phone, id) = await Hub.PairAsync("default", "my phone");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var archive = Hub.PostAsync("/api/sessions/s1/archive", token: await Hub.SignInAsync(phone));
        var stop = await link.CommandAsync("stop");
        await link.AppendAsync(Facts.Accepted(stop.GetProperty("id").GetString()!), Ended("terminated", "User terminated", "archive", stop.GetProperty("by").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await archive).Status);
        await Hub.PostAsync("/api/sessions/s1/archive");

        Assert.Equal(["session.archived device my phone web - User terminated", "session.ended device my phone web - User terminated"], (await LinesAsync("session=s1"))[1..]);
        Assert.All((await Hub.ActsAsync("session=s1"))[1..], act => Assert.Equal(id, act.GetProperty("actor").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_archive_that_nobody_answers_is_told_as_the_hubs_mark()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await TestKit.Eventually.TrueAsync(async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link has gone", Token);
        await Hub.PostAsync("/api/sessions/s1/archive");

        Assert.Equal(["session.archived user owner web - User terminated", "session.ended hub - hub - Archived from hub (CLI unreachable)"], (await LinesAsync("session=s1"))[1..]);
        Assert.Equal("owner", (await Hub.ActAsync("session.ended")).GetProperty("after").GetProperty("by").GetString());
    }

    [Fact]
    public async Task A_process_that_opens_an_ended_session_again_reopens_it_and_one_that_returns_starts()
    {
        await using (var first = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await first.AppendAsync(Ended("completed", "Session completed", "completed"));
        }

        await using (await LinkClient.OpenAsync(Hub, "s1", generation: 2))
        {
        }

        await using var third = await LinkClient.OpenAsync(Hub, "s1", generation: 3);

        Assert.Equal(["session.started", "session.ended", "session.reopened", "session.started"], (await Hub.ActsAsync("session=s1")).Select(a => a.GetProperty("kind").GetString()));
        Assert.Equal("""{"lifecycleState":"archived","archivedBy":"cli","archiveReason":"Session completed"}""", (await Hub.ActAsync("session.reopened")).GetProperty("before").GetRawText());
    }

    [Theory]
    [InlineData("approve", "permission.approved")]
    [InlineData("deny", "permission.denied")]
    public async Task An_answer_is_told_once_when_the_session_has_closed_the_request(string verb, string kind)
    {
        var (phone, id) = await Hub.PairAsync("default", "my phone");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Asks("r1", "Bash"));
        await Hub.PostAsync($"/api/sessions/s1/permissions/r1/{verb}", new { }, token: await Hub.SignInAsync(phone));
        var answer = await link.CommandAsync("permission.answer");
        Assert.Empty(await Hub.ActsAsync("kind=permission."));

        var closed = Facts.Answered("r1", verb is "approve" ? "approved" : "denied", answer.GetProperty("by").GetString());
        await link.AppendAsync(Facts.Accepted(answer.GetProperty("id").GetString()!), closed, closed);

        var act = Assert.Single(await Hub.ActsAsync("kind=permission."));
        Assert.Equal($"{kind} device my phone web Bash -", act.Line());
        Assert.Equal((id, "r1"), (act.GetProperty("actor").GetProperty("id").GetString(), act.GetProperty("after").GetProperty("requestId").GetString()));
    }

    [Fact]
    public async Task What_the_agent_withdrew_is_nobodys_approval_and_what_the_session_decided_is_the_sessions()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Asks("r1"), Facts.Asks("r2"), Facts.Answered("r1", "canceled"), Facts.Answered("r2"), Facts.Answered("r3"));

        Assert.Equal("permission.approved session - link Bash -", Assert.Single(await LinesAsync("kind=permission.")));
    }

    [Fact]
    public async Task A_change_of_settings_is_told_when_the_session_has_made_it()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.PresenceAsync(thinking: false, model: "opus");
        await TestKit.Eventually.TrueAsync(async () => (string?)await Hub.ValueAsync("select model from sessions where id = 's1'") is "opus", "the model is kept", Token);

        var refused = Hub.PostAsync("/api/sessions/s1/model", new { model = "gpt" });
        await link.AppendAsync(Facts.Refused((await link.CommandAsync("config.set")).GetProperty("id").GetString()!, "not_supported"));
        Assert.Equal(HttpStatusCode.Conflict, (await refused).Status);
        Assert.Empty(await Hub.ActsAsync("kind=config."));

        var taken = Hub.PostAsync("/api/sessions/s1/model", new { model = "haiku" });
        await link.AppendAsync(Facts.Accepted((await link.CommandAsync("config.set")).GetProperty("id").GetString()!));
        await taken;
        await link.PresenceAsync(thinking: false, model: "haiku");
        await TestKit.Eventually.TrueAsync(async () => (string?)await Hub.ValueAsync("select model from sessions where id = 's1'") is "haiku", "the model is kept", Token);

        var act = Assert.Single(await Hub.ActsAsync("kind=config."));
        Assert.Equal(("config.changed user owner web model -", """{"model":"opus"}""", """{"model":"haiku"}"""), (act.Line(), act.GetProperty("before").GetRawText(), act.GetProperty("after").GetRawText()));
    }

    [Fact]
    public async Task A_change_of_settings_at_the_machine_is_the_sessions_own()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.PresenceAsync(thinking: false, model: "opus");
        await TestKit.Eventually.TrueAsync(async () => (string?)await Hub.ValueAsync("select model from sessions where id = 's1'") is "opus", "the model is kept", Token);
        await link.PresenceAsync(thinking: false, model: "haiku");
        await TestKit.Eventually.TrueAsync(async () => (string?)await Hub.ValueAsync("select model from sessions where id = 's1'") is "haiku", "the model is kept", Token);

        Assert.Equal("config.changed session - link model -", Assert.Single(await LinesAsync("kind=config.")));
    }

    [Fact]
    public async Task Names_deletions_and_titles_are_told_and_a_title_without_its_words()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await link.AppendAsync(Facts.Ended());
        }

        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "first" });
        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "second" });
        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1/summary", new { text = "secret words" });
        var kept = (await Hub.ActsAsync("session=s1")).Count;
        await Hub.DeleteAsync("/api/sessions/s1");

        var acts = await Hub.ActsAsync("session=s1");
        Assert.Equal(kept + 1, acts.Count);
        Assert.Equal(["session.renamed user owner web name -", "session.renamed user owner web name -", "session.renamed user owner web summary -", "session.deleted user owner web - -"], acts[^4..].Select(a => a.Line()));
        Assert.Equal(("""{"name":"first"}""", """{"name":"second"}"""), (acts[^3].GetProperty("before").GetRawText(), acts[^3].GetProperty("after").GetRawText()));
        Assert.Equal(("second", "/repo"), (acts[^1].GetProperty("before").GetProperty("name").GetString(), acts[^1].GetProperty("before").GetProperty("path").GetString()));
        Assert.DoesNotContain("secret words", JsonSerializer.Serialize(acts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_their_codes_and_the_owners_token_are_told()
    {
        var (phone, id) = await Hub.PairAsync("work", "my phone");
        await Hub.SignInAsync(phone);
        await Hub.DeleteAsync($"/api/devices/{id}");
        await Hub.DeleteAsync($"/api/devices/{id}");

        Assert.Equal(["token.created hub - hub owner First start", "sign_in.succeeded user owner web 127.0.0.1 -", "pairing_code.created user owner web my phone -",
            "device.paired device my phone web my phone -", "sign_in.succeeded device my phone web 127.0.0.1 -", "device.revoked user owner web my phone -"], await LinesAsync(""));
    }

    [Fact]
    public async Task The_command_line_is_another_way_than_the_web()
    {
        await Hub.SendAsync(HttpMethod.Post, "/api/pairing-codes", new { }, change: r => r.Headers.Add("User-Agent", "hapi-cli"));

        Assert.Equal("pairing_code.created user owner cli - -", (await Hub.ActAsync("pairing_code.created")).Line());
    }

    [Fact]
    public async Task Conversations_and_secrets_leave_no_trace()
    {
        var (phone, _) = await Hub.PairAsync("default", "my phone");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var before = (await Hub.ActsAsync()).Count;
        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "words of a person" });
        await link.AppendAsync(Facts.Message("words of an agent"), Facts.Message("more words of an agent", "l1"), Facts.Consumed("l1"));

        var acts = await Hub.ActsAsync();
        Assert.Equal(before, acts.Count);
        var all = JsonSerializer.Serialize(acts);
        Assert.All([phone, Hub.OwnerToken, await Hub.SignInAsync()], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_remark_of_a_session_is_its_own_claim()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync("""{"kind":"audit","at":1,"actor":"hook","action":"started","subject":"pre-commit","detail":{"exit":0}}""", """{"kind":"audit","at":1,"actor":"hook","action":"empty"}""");

        Assert.Equal(["session.noted session hook link started pre-commit", "session.noted session hook link empty -"], await LinesAsync("kind=session.noted"));
    }

    private async Task<string[]> LinesAsync(string query) => [.. (await Hub.ActsAsync(query.Length == 0 ? "limit=200" : query)).Select(a => a.Line())];

    private static string Ended(string reason, string archiveReason, string? cause, string? by = null) =>
        Facts.Json(new { kind = "session.ended", at = Facts.Then + 1, reason, archivedBy = "cli", archiveReason, exitCode = 0, cause, by });
}
