using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Messages;

public sealed class SqliteMessageTests() : MessageTests(StoreKind.Sqlite);

public sealed class PostgresMessageTests() : MessageTests(StoreKind.Postgres);

public abstract class MessageTests(StoreKind store) : HubTests(store)
{
    private const string Messages = "/api/sessions/s1/messages";

    [Fact]
    public async Task A_message_is_stored_before_the_answer_and_delivered()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        var answer = await Hub.PostAsync(Messages, new { text = "schöne Grüße 🌍", localId = "l1" });
        var command = await link.CommandAsync("message");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"ok":true}""", answer.Body.GetRawText());
        var body = command.GetProperty("body");
        Assert.Equal("l1", body.GetProperty("localId").GetString());
        Assert.Equal("owner", command.GetProperty("by").GetString());
        Assert.Equal("schöne Grüße 🌍", body.GetProperty("content").GetProperty("content").GetProperty("text").GetString());
        Assert.Equal("""{"sentFrom":"webapp","deliveryMode":"queue"}""", body.GetProperty("content").GetProperty("meta").GetRawText());
        var row = Assert.Single((await PageAsync()).Messages);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("invokedAt").ValueKind);
        Assert.Equal("sent", row.GetProperty("delivery").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_message_for_a_session_out_of_reach_is_pending()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await UnreachableAsync();
        var answer = await Hub.PostAsync(Messages, new { text = "later", localId = "l1" });

        Assert.Equal("""{"ok":true,"delivery":"pending"}""", answer.Body.GetRawText());
        Assert.Equal("stored", Assert.Single((await PageAsync()).Messages).GetProperty("delivery").GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_same_local_id_twice_is_one_message_and_one_command()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);

        await Hub.PostAsync(Messages, new { text = "once", localId = "l1" });
        await Hub.PostAsync(Messages, new { text = "once", localId = "l1" });
        await Hub.PostAsync(Messages, new { text = "other", localId = "l2" });

        await events.NextAsync("message-received");
        Assert.Null((await events.NextAsync("message-received")).Id); // told again, to who asked again
        await link.CommandAsync("message");
        Assert.Equal("l2", (await link.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString());
        Assert.Equal(2, (await PageAsync()).Messages.Count);
    }

    [Fact]
    public async Task A_message_to_an_ended_session_is_refused()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Ended());

        var answer = await Hub.PostAsync(Messages, new { text = "late", localId = "l1" });

        Assert.Equal((HttpStatusCode.Conflict, "session_inactive", "Session is inactive"), (answer.Status, answer.Code, answer.Error));
        Assert.Empty((await PageAsync()).Messages);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"text":"x","localId":""}""")]
    [InlineData("""{"text":"x","localId":"a\u0000b"}""")]
    [InlineData("""{"text":"x","deliveryMode":"now"}""")]
    [InlineData("""{"text":"x","scheduledAt":-1,"localId":"l"}""")]
    [InlineData("""{"text":"x","scheduledAt":99999999999999,"localId":"l"}""")]
    [InlineData("""{"text":"x","scheduledAt":1}""")]
    [InlineData("""{"text":"x","attachments":[null]}""")]
    [InlineData("""{"text":"x","attachments":[{"path":"p"}]}""")]
    [InlineData("""{"text":"x","attachments":{}}""")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task A_bad_send_is_400_and_stores_nothing(string body)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        var answer = await Hub.PostAsync(Messages, body);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_body"), (answer.Status, answer.Code));
        Assert.Empty((await PageAsync()).Messages);
    }

    [Fact]
    public async Task A_message_too_large_for_a_frame_is_413()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        var answer = await Hub.PostAsync(Messages, new { text = new string('x', 600_000) });

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "message_too_large"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Many_large_messages_reach_the_process_in_frames_it_takes()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        for (var i = 0; i < 5; i++)
        {
            await Hub.PostAsync(Messages, new { text = new string('x', 400_000), localId = $"l{i}" });
        }

        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("s1");

        Assert.Equal(["l0", "l1", "l2", "l3", "l4"], await Take(5, async () => (await link.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString()!));
    }

    [Fact]
    public async Task Consumption_moves_a_message_to_the_end_under_the_same_id()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Message("first"));
        await Hub.PostAsync(Messages, new { text = "queued", localId = "l1" });
        await link.AppendAsync(Facts.Message("second"));
        var before = await PageAsync();

        await link.AppendAsync(Facts.Consumed("l1"));
        var after = await PageAsync($"?afterAt={before.Info.GetProperty("snapshotHeadAt")}&afterSeq={before.Info.GetProperty("snapshotHeadSeq")}&epoch={before.Info.GetProperty("epoch")}");

        var moved = Assert.Single(after.Messages);
        Assert.Equal(before.Messages.Single(m => m.GetProperty("localId").ValueKind is JsonValueKind.String).GetProperty("id").GetString(), moved.GetProperty("id").GetString());
        Assert.Equal("consumed", moved.GetProperty("delivery").GetProperty("state").GetString());
        Assert.Equal(["first", "second", "queued"], (await PageAsync()).Texts);
    }

    [Fact]
    public async Task Facts_of_a_machine_with_another_clock_keep_their_place_and_no_page_is_reset()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await Hub.PostAsync(Messages, new { text = "prompt", localId = "l1" });
        await link.AppendAsync(Facts.Consumed("l1"), Facts.Message("an hour behind", at: 1), Facts.Message("a year ahead", at: 9_999_999_999_999), Facts.Message("behind again", at: 2));

        var page = await PageAsync();

        Assert.Equal(["prompt", "an hour behind", "a year ahead", "behind again"], page.Texts);
        Assert.Equal(0, page.Info.GetProperty("epoch").GetInt64());
        Assert.Equal(1, page.Messages[1].GetProperty("createdAt").GetInt64());
    }

    [Fact]
    public async Task Paging_back_and_forth_meets_every_message_once()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        foreach (var chunk in Enumerable.Range(0, 130).Chunk(50))
        {
            await link.AppendAsync([.. chunk.Select(i => Facts.Message($"{i}", at: 1_000 + (i / 3)))]);
        }

        var seen = new List<string>();
        var page = await PageAsync("?limit=40");
        seen.InsertRange(0, page.Texts);
        while (page.Info.GetProperty("hasMore").GetBoolean())
        {
            page = await PageAsync($"?limit=40&beforeAt={page.Info.GetProperty("nextBeforeAt")}&beforeSeq={page.Info.GetProperty("nextBeforeSeq")}");
            Assert.Equal("before", page.Info.GetProperty("direction").GetString());
            seen.InsertRange(0, page.Texts);
        }

        Assert.Equal(Enumerable.Range(0, 130).Select(i => $"{i}"), seen);
        seen.Clear();
        var (at, seq, more) = (0L, 1L, true);
        while (more)
        {
            page = await PageAsync($"?limit=40&afterAt={at}&afterSeq={seq}");
            seen.AddRange(page.Texts);
            (at, seq, more) = (page.Info.GetProperty("nextAfterAt").GetInt64(), page.Info.GetProperty("nextAfterSeq").GetInt64(), page.Info.GetProperty("hasMore").GetBoolean());
        }

        Assert.Equal(Enumerable.Range(0, 130).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task The_latest_page_brings_the_whole_queue_without_moving_its_cursors()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await Hub.PostAsync(Messages, new { text = "queued", localId = "l1" });
        await link.AppendAsync(Facts.Message("a"), Facts.Message("b"), Facts.Message("c"));

        var page = await PageAsync("?limit=1");

        Assert.Equal(["queued", "c"], page.Texts);
        Assert.Equal(page.Messages[1].GetProperty("seq").GetInt64(), page.Info.GetProperty("nextBeforeSeq").GetInt64());
        Assert.True(page.Info.GetProperty("hasMore").GetBoolean());
        Assert.Equal("[]", page.Body.GetProperty("live").GetRawText());
    }

    [Fact]
    public async Task A_page_after_an_end_stops_there_and_another_epoch_starts_anew()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Message("a"), Facts.Message("b"), Facts.Message("c"));
        var all = (await PageAsync()).Messages;
        string Place(int i, string name) => $"{name}At={all[i].GetProperty("invokedAt")}&{name}Seq={all[i].GetProperty("seq")}";

        var until = await PageAsync($"?{Place(0, "after")}&{Place(1, "until")}");
        var nothing = await PageAsync($"?{Place(2, "after")}");
        var reset = await PageAsync($"?{Place(2, "after")}&epoch=77");

        Assert.Equal(["b"], until.Texts);
        Assert.False(until.Info.GetProperty("hasMore").GetBoolean());
        Assert.Empty(nothing.Messages);
        Assert.Equal(all[2].GetProperty("seq").GetInt64(), nothing.Info.GetProperty("nextAfterSeq").GetInt64());
        Assert.Equal((3, true, "latest"), (reset.Messages.Count, reset.Info.GetProperty("reset").GetBoolean(), reset.Info.GetProperty("direction").GetString()));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=1.5")]
    [InlineData("limit=x")]
    [InlineData("limit=99999999999999999999999")]
    [InlineData("beforeAt=1")]
    [InlineData("beforeSeq=1")]
    [InlineData("beforeAt=1&beforeSeq=0")]
    [InlineData("beforeAt=-1&beforeSeq=1")]
    [InlineData("afterAt=1&afterSeq=1&beforeAt=1&beforeSeq=1")]
    [InlineData("untilAt=1&untilSeq=1")]
    [InlineData("epoch=1")]
    public async Task A_bad_page_query_is_400(string query)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        var answer = await Hub.GetAsync($"{Messages}?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "Invalid query", "invalid_query"), (answer.Status, answer.Error, answer.Code));
        Assert.Equal(JsonValueKind.Object, answer.Body.GetProperty("issues").GetProperty("fieldErrors").ValueKind);
    }

    [Fact]
    public async Task Queued_state_tells_waiting_unknown_and_handed_over_apart()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        foreach (var id in new[] { "q", "u", "i" })
        {
            await Hub.PostAsync(Messages, new { text = id, localId = id });
        }

        await link.AppendAsync(Facts.Indeterminate("u"), Facts.Consumed("i"));
        var answer = await Hub.PostAsync($"{Messages}/queued-state", new { localIds = new[] { "q", "u", "i", "gone", "q" } });

        Assert.Equal("""["q"]""", answer.Body.GetProperty("queuedLocalIds").GetRawText());
        Assert.Equal("""["u"]""", answer.Body.GetProperty("indeterminateLocalIds").GetRawText());
        Assert.Equal("i", Assert.Single(answer.Body.GetProperty("invokedLocalMessages").EnumerateArray()).GetProperty("localId").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync($"{Messages}/queued-state", """{"localIds":["a\u0000b"]}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.PostAsync($"{Messages}/queued-state", new { localIds = Enumerable.Range(0, 1001).Select(i => $"{i}") })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.PostAsync($"{Messages}/queued-state", """{"localIds":[""]}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.PostAsync($"{Messages}/queued-state", """{"localIds":"q"}""")).Status);
    }

    private async Task<(JsonElement Body, List<JsonElement> Messages, JsonElement Info, string[] Texts)> PageAsync(string query = "")
    {
        var answer = await Hub.GetAsync(Messages + query);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var messages = answer.Body.GetProperty("messages").EnumerateArray().ToList();
        return (answer.Body, messages, answer.Body.GetProperty("page"), [.. messages.Select(m => m.GetProperty("content").GetProperty("content")).Select(c => (c.TryGetProperty("data", out var data) ? data.GetProperty("message") : c.GetProperty("text")).GetString()!)]);
    }

    private Task UnreachableAsync() => TestKit.Eventually.TrueAsync(
        async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);

    private static async Task<List<T>> Take<T>(int count, Func<Task<T>> next)
    {
        var all = new List<T>();
        while (all.Count < count)
        {
            all.Add(await next());
        }

        return all;
    }
}
