using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Link;

public sealed class SqliteLinkTests() : LinkTests(StoreKind.Sqlite);

public sealed class PostgresLinkTests() : LinkTests(StoreKind.Postgres);

public abstract class LinkTests(StoreKind store) : HubTests(store)
{
    private const int OutOfOrder = 4400, TooBig = 1009;

    [Fact]
    public async Task Hello_of_an_unknown_session_begins_at_nothing()
    {
        await using var link = await LinkClient.ConnectAsync(Hub);

        var hello = (await link.HelloAsync("s1")).GetProperty("result");

        Assert.Equal(1, hello.GetProperty("protocol").GetInt32());
        Assert.Equal(0, hello.GetProperty("through").GetInt64());
        Assert.Equal(0, hello.GetProperty("commands").GetInt32());
        Assert.NotEmpty(hello.GetProperty("hub").GetProperty("id").GetString()!);
    }

    [Theory]
    [InlineData("""{"protocol":1,"role":"session","generation":1}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"session","sessionId":"","generation":1}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"session","sessionId":"a\u0000b","generation":1}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"session","sessionId":"s","generation":0}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"session","sessionId":"s","generation":"1"}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"session","sessionId":"s","generation":2,"older":[2]}""", "invalid_hello")]
    [InlineData("""{"protocol":1,"role":"king","sessionId":"s","generation":1}""", "invalid_hello")]
    [InlineData("""{"protocol":9,"role":"session","sessionId":"s","generation":1}""", "protocol_not_supported")]
    [InlineData("""[]""", "invalid_hello")]
    [InlineData("""null""", "invalid_hello")]
    public async Task A_hello_that_cannot_be_is_refused_and_the_link_lives(string hello, string code)
    {
        await using var link = await LinkClient.ConnectAsync(Hub);

        var answer = await link.RequestRawAsync("hello", hello);

        Assert.Equal(code, answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.True((await link.HelloAsync("s1")).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Facts_are_applied_once_and_in_order_however_often_they_come()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        string[] facts = [Facts.Message("a"), Facts.Message("b"), Facts.Message("c")];
        await link.SendFactsAsync(2, facts);
        await link.SendFactsAsync(2, facts);
        await link.SendFactsAsync(3, facts);
        await link.AckedAsync(5);

        Assert.Equal(["a", "b", "c", "c"], await TextsAsync("s1"));
    }

    [Fact]
    public async Task An_acknowledgement_never_goes_back()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Message("a"), Facts.Message("b"));

        await link.SendFactsAsync(1, [Facts.Opened()]);

        Assert.Equal(3, (await link.NextAsync("ack")).GetProperty("through").GetInt64());
    }

    [Fact]
    public async Task Many_frames_in_flight_are_acknowledged_in_order()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        for (var n = 0; n < 300; n++)
        {
            await link.SendFactsAsync(2 + n, [Facts.Message($"{n}")]);
        }

        var last = 1L;
        while (last < 301)
        {
            var through = (await link.NextAsync("ack")).GetProperty("through").GetInt64();
            Assert.True(through > last, $"{through} after {last}");
            last = through;
        }
    }

    [Fact]
    public async Task A_fact_that_the_database_will_not_take_loses_none_of_those_in_flight_behind_it()
    {
        var link = await LinkClient.OpenAsync(Hub, "s1");
        string[] facts = [Facts.Message("a"), Facts.Consumed("no text for \u0000 every database"), Facts.Message("b"), Facts.Message("c"), Facts.Message("d")];
        var through = 1L;
        while (through < 6)
        {
            for (var n = through + 1; n <= 6; n++)
            {
                await link.SendFactsAsync(n, [facts[n - 2]]);
            }

            var closed = link.ClosedAsync();
            await Task.WhenAny(closed, link.AckedAsync(6));
            if (closed.IsCompleted)
            {
                await link.DisposeAsync();
                link = await LinkClient.ConnectAsync(Hub);
                through = (await link.HelloAsync("s1")).GetProperty("result").GetProperty("through").GetInt64();
            }
            else
            {
                through = 6;
            }
        }

        await link.DisposeAsync();
        Assert.Equal(["a", "b", "c", "d"], await TextsAsync("s1"));
    }

    [Fact]
    public async Task A_new_link_is_told_how_far_the_last_one_came()
    {
        await using (var first = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await first.AppendAsync(Facts.Message("a"), Facts.Message("b"));
        }

        await using var second = await LinkClient.ConnectAsync(Hub);

        Assert.Equal(3, (await second.HelloAsync("s1")).GetProperty("result").GetProperty("through").GetInt64());
    }

    [Fact]
    public async Task A_gap_between_facts_closes_the_link_with_4400()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.SendFactsAsync(9, [Facts.Message("late")]);

        Assert.Equal(OutOfOrder, await link.ClosedAsync());
        Assert.Empty(await TextsAsync("s1"));
    }

    [Theory]
    [InlineData("""{"owner":"s1","generation":7,"first":2,"facts":[]}""")]
    [InlineData("""{"owner":"other","generation":1,"first":2,"facts":[]}""")]
    [InlineData("""{"owner":"s1","generation":1,"first":0,"facts":[]}""")]
    [InlineData("""{"owner":"s1","generation":1,"first":9223372036854775807,"facts":[]}""")]
    [InlineData("""{"owner":"s1","generation":1,"first":1e99,"facts":[]}""")]
    [InlineData("""{"owner":"s1","generation":1,"facts":[]}""")]
    [InlineData("""{"owner":"s1","generation":1,"first":2,"facts":{}}""")]
    [InlineData("""{"owner":1,"generation":1,"first":2,"facts":[]}""")]
    [InlineData("""[1,2,3]""")]
    [InlineData("""null""")]
    public async Task A_frame_of_facts_that_cannot_be_placed_closes_the_link(string parameters)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.SendAsync($$"""{"jsonrpc":"2.0","method":"append","params":{{parameters}}}""");

        Assert.Equal(OutOfOrder, await link.ClosedAsync());
    }

    [Fact]
    public async Task More_facts_in_a_frame_than_agreed_close_the_link()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.SendFactsAsync(2, [.. Enumerable.Repeat(Facts.Message("x"), 65)]);

        Assert.Equal(OutOfOrder, await link.ClosedAsync());
    }

    [Fact]
    public async Task Facts_before_a_hello_close_the_link()
    {
        await using var link = await LinkClient.ConnectAsync(Hub);

        await link.SendFactsAsync(1, [Facts.Opened()]);

        Assert.Equal(OutOfOrder, await link.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_over_one_mebibyte_closes_the_link()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.SendAsync($$$"""{"jsonrpc":"2.0","method":"append","params":{"x":"{{{new string('x', 1 << 20)}}}"}}""");

        Assert.Equal(TooBig, await link.ClosedAsync());
    }

    [Theory]
    [InlineData("""{"kind":"message","at":1}""", "invalid_fact")]
    [InlineData("""{"kind":"message","at":"now","content":{}}""", "invalid_fact")]
    [InlineData("""{"kind":"message","at":1,"content":"text"}""", "invalid_fact")]
    [InlineData("""{"kind":"message","at":1,"content":{},"localId":""}""", "invalid_fact")]
    [InlineData("""{"kind":"message","at":1,"content":{},"localId":"a\u0000b"}""", "invalid_fact")]
    [InlineData("""{"kind":"request.opened","at":1,"id":"","tool":"Bash","arguments":{}}""", "invalid_fact")]
    [InlineData("""{"kind":"request.opened","at":1,"id":"r","tool":"Bash","arguments":{"a":1,"a":2}}""", "invalid_fact")]
    [InlineData("""{"kind":"request.closed","at":1,"id":"r","status":"perhaps"}""", "invalid_fact")]
    [InlineData("""{"kind":"metadata.patch","at":1,"set":{"a":{"b":1,"b":2}}}""", "invalid_fact")]
    [InlineData("""{"kind":"metadata.patch","at":1,"set":[]}""", "invalid_fact")]
    [InlineData("""{"kind":"messages.consumed","at":1}""", "invalid_fact")]
    [InlineData("""{"kind":"session.ended","at":1}""", "invalid_fact")]
    [InlineData("""{"kind":"session.opened","at":1,"tag":"t","flavor":"x","metadata":[],"agentState":{},"machine":{"id":"m","metadata":{}}}""", "invalid_fact")]
    [InlineData("""{"kind":"from.the.future","at":1}""", "unknown_fact")]
    [InlineData("""{"at":1}""", "unknown_fact")]
    [InlineData("""[]""", "unknown_fact")]
    [InlineData("""7""", "unknown_fact")]
    public async Task A_bad_fact_is_refused_alone(string fact, string code)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.AppendAsync(Facts.Message("before"), fact, Facts.Message("after"));

        var refusal = await link.NextAsync("refuse");
        Assert.Equal((3, code), (refusal.GetProperty("n").GetInt64(), refusal.GetProperty("code").GetString()));
        Assert.Equal(["before", "after"], await TextsAsync("s1"));
    }

    [Fact]
    public async Task A_fact_that_nests_deeper_than_any_reader_likes_is_refused_or_carried_but_never_stops_the_link()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        string Nested(int depth) => $$"""{"kind":"message","at":1,"content":{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1{{new string('}', depth)}}}""";

        await link.AppendAsync(Nested(300), Nested(900), Facts.Message("after"));

        Assert.Equal(3, (await link.NextAsync("refuse")).GetProperty("n").GetInt64());
        Assert.Equal(3, (await Hub.GetAsync("/api/sessions/s1/messages?limit=1")).Body.GetProperty("page").GetProperty("snapshotHeadSeq").GetInt64() + 1);
    }

    [Fact]
    public async Task A_fact_over_half_a_mebibyte_is_refused()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        await link.AppendAsync(Facts.Message(new string('x', 520 * 1024)));

        Assert.Equal("fact_too_large", (await link.NextAsync("refuse")).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("unheard-of")]
    public async Task A_request_is_answered_before_and_after_hello(string method)
    {
        await using var link = await LinkClient.ConnectAsync(Hub);

        var answer = await link.RequestRawAsync(method, "{}");

        Assert.Equal(method is "ping", answer.TryGetProperty("result", out _));
        Assert.Equal(method is not "ping", answer.TryGetProperty("error", out var error) && error.GetProperty("code").GetInt32() == -32601);
    }

    [Fact]
    public async Task Noise_is_dropped()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        foreach (var noise in new[] { "hello?", "[]", "{}", "\"x\"", """{"method":7}""", """{"jsonrpc":"2.0","method":"live","params":{"sessionId":"s1"}}""", """{"jsonrpc":"2.0","method":"what"}""", """{"id":"x","result":1}""" })
        {
            await link.SendAsync(noise);
        }

        await link.AppendAsync(Facts.Message("still here"));
        Assert.Equal(["still here"], await TextsAsync("s1"));
    }

    [Fact]
    public async Task The_answer_to_hello_comes_before_the_commands_it_counts()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "one", localId = "l1" });
        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "two", localId = "l2" });
        await using var link = await LinkClient.ConnectAsync(Hub);
        var hello = await link.HelloAsync("s1");
        var commands = (await link.NextAsync("deliver")).GetProperty("commands");

        Assert.Equal(2, hello.GetProperty("result").GetProperty("commands").GetInt32());
        Assert.Equal(["l1", "l2"], commands.EnumerateArray().Select(c => c.GetProperty("body").GetProperty("localId").GetString()!));
        Assert.Equal("answer", link.Order.First());
    }

    [Fact]
    public async Task A_command_is_sent_on_every_link_until_it_is_answered()
    {
        var first = await LinkClient.OpenAsync(Hub, "s1");
        await Hub.PostAsync("/api/sessions/s1/messages", new { text = "one", localId = "l1" });
        var command = await first.CommandAsync("message");
        await first.DisposeAsync();

        await using var second = await LinkClient.ConnectAsync(Hub);
        await second.HelloAsync("s1");
        Assert.Equal(command.GetProperty("id").GetString(), (await second.CommandAsync("message")).GetProperty("id").GetString());
        await second.AppendAsync(Facts.Accepted(command.GetProperty("id").GetString()!));

        await using var third = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(0, (await third.HelloAsync("s1")).GetProperty("result").GetProperty("commands").GetInt32());
    }

    [Fact]
    public async Task A_wrong_token_gets_no_link()
    {
        var refused = await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => LinkClient.ConnectAsync(Hub, "wrong"));

        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await Hub.GetAsync("/link")).Status);
    }
}
