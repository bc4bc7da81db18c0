using Hapi.Rpc;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class LinkCommandTests : LinkStage
{
    [Fact]
    public async Task Commands_come_one_at_a_time_in_order_and_once_by_id_however_often_they_are_sent()
    {
        await using var outbox = Open();
        Handler.Outbox = outbox;
        await using var link = Connect(outbox);
        await UpAsync(link);

        await Hub.DeliverAsync([.. Enumerable.Range(1, 20).Select(i => Samples.Prompt($"c{i}", $"{i}"))]);
        await Hub.DeliverAsync(Samples.Prompt("c3", "3"), Samples.Prompt("c21", "21"));

        await Eventually.TrueAsync(() => Handler.Taken.Count == 21, "all are taken", Token);
        Assert.Equal(Enumerable.Range(1, 21).Select(i => $"c{i}"), Handler.Taken);
        Assert.Equal(1, Handler.MostAtOnce);
    }

    [Fact]
    public async Task Who_answers_a_question_hears_when_the_answer_has_been_sent()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);
        Assert.Equal("""{"by":"me"}""", (await Hub.CallAsync("known", """{"by":"me"}""", Token)).GetRawText());
        await Eventually.TrueAsync(() => !Handler.AnsweredCalls.IsEmpty, "it hears of it", Token);
        Assert.Equal("""known {"by":"me"}""", Assert.Single(Handler.AnsweredCalls));
    }

    [Fact]
    public async Task A_handler_that_waits_does_not_cost_the_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);
        Handler.Hold = new();
        await Hub.DeliverAsync(Samples.Prompt("slow", "waits for room on the disk"));
        await Eventually.TrueAsync(() => Handler.Entered == 1, "it is being handled", Token);

        Assert.Equal("{}", (await Hub.CallAsync("known", "{}", Token)).GetRawText());
        Hub.Cut();
        await Eventually.TrueAsync(() => Hub.Hellos.Count == 2, "the link is back", Token);
        await Hub.DeliverAsync(Samples.Prompt("slow", "sent again"));
        Assert.Equal("{}", (await Hub.CallAsync("known", "{}", Token)).GetRawText());
        Handler.Hold.SetResult();

        await Eventually.TrueAsync(() => Handler.Taken.Count == 1, "it is done", Token);
        Assert.Equal((1, 1), (Handler.Entered, Handler.MostAtOnce));
    }

    [Fact]
    public async Task A_command_that_its_handler_fails_on_comes_again_with_the_next_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);
        Handler.Fails = true;
        await Hub.DeliverAsync(Samples.Prompt("c1", "1"));
        await Eventually.TrueAsync(() => Hub.Hellos.Count >= 2, "the link is renewed", Token);

        Handler.Fails = false;
        await UpAsync(link);
        await Hub.DeliverAsync(Samples.Prompt("c1", "1"));
        await Eventually.TrueAsync(() => Handler.Taken.Count == 1, "it is done", Token);
    }

    [Theory]
    [InlineData("deliver", "{}")]
    [InlineData("deliver", "{\"sessionId\":\"s\",\"commands\":[{}]}")]
    [InlineData("deliver", "{\"sessionId\":\"s\",\"commands\":[null]}")]
    [InlineData("deliver", "[1]")]
    [InlineData("ack", "\"x\"")]
    [InlineData("refuse", "null")]
    [InlineData("unheard-of", "{}")]
    public async Task Nothing_the_hub_says_ends_the_link(string method, string json)
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);

        await Hub.NotifyAsync(method, json);

        Assert.Equal("{}", (await Hub.CallAsync("known", "{}", Token)).GetRawText());
        Assert.Single(Hub.Hellos);
    }

    [Fact]
    public async Task Calls_are_answered_or_refused_with_a_code()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);

        Assert.Equal("handler-not-registered", (await Assert.ThrowsAsync<RpcException>(() => Hub.CallAsync("unknown", "{}", Token))).Kind);
        Assert.Equal("answer-too-large", (await Assert.ThrowsAsync<RpcException>(() => Hub.CallAsync("huge", "{}", Token))).Kind);
        Assert.Equal("{}", (await Hub.CallAsync("known", "{}", Token)).GetRawText());
        Assert.Single(Hub.Hellos);
    }
}
