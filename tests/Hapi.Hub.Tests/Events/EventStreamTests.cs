using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Events;

public sealed class SqliteEventStreamTests() : EventStreamTests(StoreKind.Sqlite);

public sealed class PostgresEventStreamTests() : EventStreamTests(StoreKind.Postgres);

public abstract class EventStreamTests(StoreKind store) : HubTests(store)
{
    [Fact]
    public async Task The_verdict_comes_before_everything_and_a_first_visit_is_a_gap()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);

        var first = await events.NextAsync();
        var second = await events.NextAsync();

        Assert.Equal(("connection-changed", "gap", (string?)null), (first.Type, Verdict(first), first.Id));
        Assert.Equal(("session-updated", (string?)null), (second.Type, second.Id));
        Assert.True(second.Data.GetProperty("data").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task What_happens_is_told_with_ids_that_rise()
    {
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Message("hello"));

        var added = await events.NextAsync("session-added");
        var message = await events.NextAsync("message-received");

        Assert.Equal("default", message.Data.GetProperty("namespace").GetString());
        Assert.Equal("s1", added.Data.GetProperty("data").GetProperty("id").GetString());
        Assert.True(Seq(message) > Seq(added));
        Assert.Equal(3, message.Id!.Split(':').Length);
    }

    [Fact]
    public async Task A_cursor_holds_across_a_restart_of_the_hub_and_nothing_is_missed()
    {
        var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var before = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync(Facts.Message("one"));
        await before.NextAsync("message-received");
        await link.AppendAsync(Facts.Message("two"), Facts.Message("three"));

        await Hub.RestartAsync();
        await link.DisposeAsync();
        await using var after = await EventClient.ConnectAsync(Hub, cursor: before.Cursor);

        Assert.Equal("ok", Verdict(await after.NextAsync()));
        Assert.Equal("two", Text(await after.NextAsync()));
        Assert.Equal("three", Text(await after.NextAsync()));
        var dot = await after.NextAsync();
        Assert.Null(dot.Id); // "ok" must not leave a stale dot: the session is not connected yet
        Assert.False(dot.Data.GetProperty("data").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_resumed_stream_goes_on_without_doubling_or_losing()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var cursor = (string?)null;
        var seen = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            var sending = link.AppendAsync([.. Enumerable.Range(0, 20).Select(i => Facts.Message($"{round}/{i}"))]);
            await using var events = await EventClient.ConnectAsync(Hub, cursor: cursor);
            Assert.Equal(round == 0 ? "gap" : "ok", Verdict(await events.NextAsync()));
            if (round == 0)
            {
                await sending;
                await link.AppendAsync(Facts.Message("begin"));
                await events.NextAsync("message-received", m => m.GetProperty("message").GetRawText().Contains("begin", StringComparison.Ordinal));
            }
            else
            {
                while (!seen.Contains($"{round}/{5 * round - 1}"))
                {
                    seen.Add(Text(await events.NextAsync("message-received")));
                }
            }

            cursor = events.Cursor;
            await sending;
        }

        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(Enumerable.Range(1, 3).SelectMany(r => Enumerable.Range(0, 20).Select(i => $"{r}/{i}")), seen.Where(s => !s.StartsWith('4')));
    }

    [Fact]
    public async Task A_cursor_amid_messages_of_one_frame_brings_the_rest_of_them()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var first = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Facts.Message($"{i}")), Facts.Asks("r"), Facts.Message("10"), Facts.Message("11")]);
        var cursors = new List<string>();
        while (cursors.Count < 12)
        {
            cursors.Add((await first.NextAsync("message-received")).Id!);
        }

        Assert.Equal(cursors.Distinct(), cursors);
        await using var amid = await EventClient.ConnectAsync(Hub, cursor: cursors[6]);
        Assert.Equal("ok", Verdict(await amid.NextAsync()));
        foreach (var i in Enumerable.Range(7, 5))
        {
            var frame = await amid.NextAsync("message-received");
            Assert.Equal((cursors[i], $"{i}"), (frame.Id, Text(frame)));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("12345678:1:12345678")]
    [InlineData("a:b:c:d")]
    [InlineData("::")]
    public async Task A_cursor_that_is_not_ours_is_a_gap(string cursor)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub, cursor: cursor);

        Assert.Equal("gap", Verdict(await events.NextAsync()));
    }

    [Fact]
    public async Task A_cursor_of_another_namespace_or_from_the_future_is_a_gap()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var mine = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync(Facts.Message("one"));
        await mine.NextAsync("message-received");
        var parts = mine.Cursor!.Split(':');

        await using var theirs = await EventClient.ConnectAsync(Hub, cursor: mine.Cursor, token: await Hub.SignInAsync(other));
        await using var future = await EventClient.ConnectAsync(Hub, cursor: $"{parts[0]}:999999:{parts[2]}");

        Assert.Equal("gap", Verdict(await theirs.NextAsync()));
        Assert.Equal("gap", Verdict(await future.NextAsync()));
    }

    [Fact]
    public async Task The_cursor_in_the_header_beats_the_one_in_the_address()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var first = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync(Facts.Message("one"));
        await first.NextAsync("message-received");

        await using var both = await EventClient.ConnectAsync(Hub, $"all=1&lastEventId=nonsense", cursor: first.Cursor);
        await using var query = await EventClient.ConnectAsync(Hub, $"all=1&lastEventId={first.Cursor}");

        Assert.Equal("ok", Verdict(await both.NextAsync()));
        Assert.Equal("ok", Verdict(await query.NextAsync()));
    }

    [Fact]
    public async Task More_than_two_thousand_missed_events_are_a_gap()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var first = await EventClient.ConnectAsync(Hub);
        await link.AppendAsync(Facts.Message("one"));
        await first.NextAsync("message-received");
        for (var i = 0; i < 32; i++)
        {
            await link.AppendAsync([.. Enumerable.Repeat(Facts.Message("x"), 64)]);
        }

        await using var all = await EventClient.ConnectAsync(Hub, cursor: first.Cursor);
        await using var other = await EventClient.ConnectAsync(Hub, "", cursor: first.Cursor);

        Assert.Equal("gap", Verdict(await all.NextAsync()));
        Assert.Equal("ok", Verdict(await other.NextAsync())); // none of them would have been for it
    }

    [Fact]
    public async Task A_stream_of_one_session_hears_of_that_session_alone()
    {
        await using var one = await LinkClient.OpenAsync(Hub, "s1");
        await using var two = await LinkClient.OpenAsync(Hub, "s2");
        await using var events = await EventClient.ConnectAsync(Hub, "sessionId=s2");
        await using var nothing = await EventClient.ConnectAsync(Hub, "");
        await one.AppendAsync(Facts.Message("of one"));
        await two.AppendAsync(Facts.Message("of two"));

        Assert.Equal("of two", Text(await events.NextAsync("message-received")));
        Assert.Equal("connection-changed", (await nothing.NextAsync()).Type);
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync("/api/events?sessionId=nobody")).Status);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), ((await Hub.GetAsync("/api/events?sessionId=a%00")).Status, (await Hub.GetAsync("/api/events?machineId=a%00")).Status));
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync("/api/events?machineId=nobody")).Status);
    }

    [Fact]
    public async Task Another_namespace_hears_nothing()
    {
        var (other, _) = await Hub.PairAsync("work");
        var token = await Hub.SignInAsync(other);
        await using var theirs = await EventClient.ConnectAsync(Hub, token: token);
        await theirs.NextAsync("connection-changed");
        await using var mine = await LinkClient.OpenAsync(Hub, "s1");
        await using var work = await LinkClient.OpenAsync(Hub, "w1", other, machine: "m9");
        await mine.AppendAsync(Facts.Message("secret"));
        await work.AppendAsync(Facts.Message("open"));

        while (await theirs.NextAsync() is var frame)
        {
            Assert.Equal("work", frame.Data.GetProperty("namespace").GetString());
            if (frame.Type is "message-received")
            {
                break;
            }
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.GetAsync("/api/events?sessionId=s1", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.GetAsync("/api/events?machineId=m1", token)).Status);
    }

    [Fact]
    public async Task A_compressed_stream_says_the_same_to_late_and_early_listeners()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var early = await EventClient.ConnectAsync(Hub, gzip: true);
        await link.AppendAsync(Facts.Message("one"));
        Assert.Equal("one", Text(await early.NextAsync("message-received")));
        await using var late = await EventClient.ConnectAsync(Hub, gzip: true);
        await late.NextAsync("connection-changed");
        await link.AppendAsync(Facts.Message("two"), Facts.Message("ünï→🌍"));

        Assert.Equal("gzip", late.Response.Content.Headers.ContentEncoding.SingleOrDefault() ?? "gzip");
        Assert.Equal("two", Text(await late.NextAsync("message-received")));
        Assert.Equal("ünï→🌍", Text(await late.NextAsync("message-received")));
        Assert.Equal("two", Text(await early.NextAsync("message-received")));
    }

    [Fact]
    public async Task A_compressed_stream_is_one_gzip_member()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Address, "/api/events?all=true"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Hub.SignInAsync());
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        await using var body = await response.Content.ReadAsStreamAsync(Token);

        var bytes = new List<byte>();
        var buffer = new byte[4096];
        for (var sent = 0; sent < 3; sent++)
        {
            await link.AppendAsync(Facts.Message($"number {sent}"));
            var text = "";
            while (!text.Contains($"number {sent}", StringComparison.Ordinal))
            {
                var got = await body.ReadAsync(buffer, Token);
                bytes.AddRange(buffer[..got]);
                text = Inflate([.. bytes]);
            }
        }

        Assert.Equal([0x1f, 0x8b, 8], bytes.Take(3));
    }

    [Fact]
    public async Task Presence_and_streams_are_told_without_an_id_and_shown_on_the_latest_page()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");

        await link.LiveAsync(new { sessionId = "s1", streams = new[] { new { id = "t1", kind = "text", text = "writing…" } } });
        var live = await events.NextAsync("message-live");
        await link.PresenceAsync(thinking: true);
        var presence = await events.NextAsync("session-updated", d => d.GetProperty("data").TryGetProperty("thinking", out var t) && t.GetBoolean() && !d.GetProperty("data").TryGetProperty("id", out _));

        Assert.Equal(((string?)null, "writing…"), (live.Id, live.Data.GetProperty("streams")[0].GetProperty("text").GetString()));
        Assert.Null(presence.Id);
        Assert.Equal("t1", (await Hub.GetAsync("/api/sessions/s1/messages")).Body.GetProperty("live")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_stream_that_settled_vanishes_only_after_its_message_is_there()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");
        for (var i = 0; i < 20; i++)
        {
            await link.SendFactsAsync(2 + i, [Facts.Message($"settled {i}")]);
            await link.LiveAsync(new { sessionId = "s1", streams = new[] { new { id = $"t{i + 1}", kind = "text", text = "next" } } });
        }

        var settled = 0;
        while (settled < 20)
        {
            var frame = await events.NextAsync();
            if (frame.Type is "message-received")
            {
                settled++;
            }
            else if (frame.Type is "message-live")
            {
                Assert.True(int.Parse(frame.Data.GetProperty("streams")[0].GetProperty("id").GetString()![1..]) <= settled);
            }
        }
    }

    [Fact]
    public async Task Content_with_line_breaks_between_its_tokens_stays_one_frame()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");

        await link.AppendAsync("{\n\"kind\":\"message\",\r\n\"at\":1,\"content\":{\n\"role\":\"agent\",\r\n\"content\":{\"type\":\"codex\",\n\"data\":{\"type\":\"message\",\"message\":\"a\\nb\"}}}\n}");

        Assert.Equal("a\nb", Text(await events.NextAsync("message-received")));
    }

    [Fact]
    public async Task A_change_of_one_document_is_a_patch_with_its_version()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");
        await link.AppendAsync(Facts.Asks("r1"));

        var patch = (await events.NextAsync("session-updated", d => d.GetProperty("data").TryGetProperty("agentState", out _))).Data.GetProperty("data");

        Assert.False(patch.TryGetProperty("metadata", out _));
        Assert.Equal("Bash", patch.GetProperty("agentState").GetProperty("value").GetProperty("requests").GetProperty("r1").GetProperty("tool").GetString());
        Assert.Equal((await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("agentStateVersion").GetInt64(), patch.GetProperty("agentState").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Visibility_is_a_connections_own()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var events = await EventClient.ConnectAsync(Hub);
        var subscriptionId = (await events.NextAsync()).Data.GetProperty("data").GetProperty("subscriptionId").GetString();

        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/visibility", new { subscriptionId, visibility = "visible" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.PostAsync("/api/visibility", new { subscriptionId, visibility = "maybe" })).Status);
        Assert.Equal("Subscription not found", (await Hub.PostAsync("/api/visibility", new { subscriptionId = "x", visibility = "visible" })).Error);
        Assert.Equal(HttpStatusCode.NotFound, (await Hub.PostAsync("/api/visibility", new { subscriptionId, visibility = "visible" }, await Hub.SignInAsync(other))).Status);
    }

    private static string Verdict(Frame frame) => frame.Data.GetProperty("data").GetProperty("resume").GetString()!;

    private static long Seq(Frame frame) => long.Parse(frame.Id!.Split(':')[1]);

    private static string Text(Frame frame) => frame.Data.GetProperty("message").GetProperty("content").GetProperty("content").GetProperty("data").GetProperty("message").GetString()!;

    // What an incremental reader shows of a stream that has not ended.
    private static string Inflate(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using var inflate = new DeflateStream(new MemoryStream(bytes, 10, bytes.Length - 10), CompressionMode.Decompress);
        var buffer = new byte[4096];
        try
        {
            while (inflate.Read(buffer) is > 0 and var got)
            {
                plain.Write(buffer, 0, got);
            }
        }
        catch (InvalidDataException)
        {
            // The rest has not come yet.
        }

        return Encoding.UTF8.GetString(plain.ToArray());
    }
}
