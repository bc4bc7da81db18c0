using System.Text.Json;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Commands;

public sealed class SqliteCancelTests() : CancelTests(StoreKind.Sqlite);

public sealed class PostgresCancelTests() : CancelTests(StoreKind.Postgres);

/// <summary>Taking a message back, and trying one again: never a message that the agent may have, never twice.</summary>
public abstract class CancelTests(StoreKind store) : HubTests(store)
{
    private const string Messages = "/api/sessions/s1/messages";

    [Fact]
    public async Task An_unknown_message_is_cancelled_already()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");

        Assert.Equal("""{"status":"cancelled","localId":null}""", (await Hub.DeleteAsync($"{Messages}/nobody")).Body.GetRawText());
    }

    [Fact]
    public async Task A_message_that_no_process_got_is_gone_and_never_delivered()
    {
        await OutOfReachAsync();
        await Hub.PostAsync(Messages, new { text = "x", localId = "l1" });

        Assert.Equal("""{"status":"cancelled","localId":"l1"}""", (await Hub.DeleteAsync($"{Messages}/l1")).Body.GetRawText());

        await using var link = await LinkClient.ConnectAsync(Hub);
        Assert.Equal(0, (await link.HelloAsync("s1")).GetProperty("result").GetProperty("commands").GetInt32());
        Assert.Equal(1, await EpochAsync());
    }

    [Fact]
    public async Task A_message_in_the_queue_of_the_process_is_gone_when_the_process_says_so()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await SendAcceptedAsync(link);

        var cancelling = Hub.DeleteAsync($"{Messages}/l1");
        var command = await link.CommandAsync("message.cancel");
        Assert.Equal("l1", command.GetProperty("body").GetProperty("localId").GetString());
        await link.AppendAsync(Facts.Accepted(command.GetProperty("id").GetString()!));

        Assert.Equal("cancelled", (await cancelling).Body.GetProperty("status").GetString());
        Assert.Equal("l1", (await events.NextAsync("message-cancelled")).Data.GetProperty("localId").GetString());
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData("consumed", "invoked")]
    [InlineData("not_found", "invoked")]
    [InlineData("in_flight", "busy")]
    [InlineData("indeterminate", "busy")]
    public async Task What_the_process_does_not_give_back_stays(string refusal, string status)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await SendAcceptedAsync(link);

        var cancelling = Hub.DeleteAsync($"{Messages}/l1");
        await link.AppendAsync(Facts.Refused((await link.CommandAsync("message.cancel")).GetProperty("id").GetString()!, refusal));
        var answer = await cancelling;

        Assert.Equal((status, "l1"), (answer.Body.GetProperty("status").GetString(), answer.Body.GetProperty("localId").GetString()));
        Assert.Equal(status is "invoked", answer.Body.TryGetProperty("message", out var message) && message.GetProperty("invokedAt").ValueKind is JsonValueKind.Number);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_process_that_does_not_answer_keeps_the_message()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await SendAcceptedAsync(link);

        Assert.Equal("busy", (await Hub.DeleteAsync($"{Messages}/l1")).Body.GetProperty("status").GetString());

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_message_the_agent_has_is_invoked()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await SendAcceptedAsync(link);
        await link.AppendAsync(Facts.Consumed("l1"));

        var answer = await Hub.DeleteAsync($"{Messages}/l1");

        Assert.Equal("invoked", answer.Body.GetProperty("status").GetString());
        Assert.False(link.HasHeard("deliver"));
    }

    [Fact]
    public async Task A_message_of_an_ended_session_is_gone_and_its_next_process_is_told()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await SendAcceptedAsync(link);
            await link.AppendAsync(Facts.Ended());
        }

        Assert.Equal("cancelled", (await Hub.DeleteAsync($"{Messages}/l1")).Body.GetProperty("status").GetString());

        await using var next = await LinkClient.OpenAsync(Hub, "s1", generation: 2);
        Assert.Equal("l1", (await next.CommandAsync("message.cancel")).GetProperty("body").GetProperty("localId").GetString());
    }

    [Fact]
    public async Task A_retry_of_a_message_that_waits_or_is_gone_says_so()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await SendAcceptedAsync(link);

        Assert.Equal("already-queued", (await Hub.PostAsync($"{Messages}/l1/retry")).Body.GetProperty("status").GetString());
        Assert.Equal("not-found", (await Hub.PostAsync($"{Messages}/nobody/retry")).Body.GetProperty("status").GetString());
        await link.AppendAsync(Facts.Consumed("l1"));
        Assert.Equal("invoked", (await Hub.PostAsync($"{Messages}/l1/retry")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_message_of_unknown_outcome_is_queued_again_when_the_process_agrees()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await using var events = await EventClient.ConnectAsync(Hub);
        await SendAcceptedAsync(link);
        await link.AppendAsync(Facts.Indeterminate("l1"));
        await events.NextAsync("messages-indeterminate");

        var retrying = Hub.PostAsync($"{Messages}/l1/retry");
        await link.AppendAsync(Facts.Accepted((await link.CommandAsync("message.retry")).GetProperty("id").GetString()!));

        Assert.Equal("""{"status":"retried","localId":"l1"}""", (await retrying).Body.GetRawText());
        await events.NextAsync("messages-requeued");
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Nobody_but_a_process_within_reach_can_try_again()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await SendAcceptedAsync(link);
            await link.AppendAsync(Facts.Indeterminate("l1"));
        }

        await InactiveAsync();

        Assert.Equal("retry-unavailable", (await Hub.PostAsync($"{Messages}/l1/retry")).Body.GetProperty("status").GetString());
    }

    private async Task SendAcceptedAsync(LinkClient link)
    {
        await Hub.PostAsync(Messages, new { text = "x", localId = "l1" });
        await link.AppendAsync(Facts.Accepted((await link.CommandAsync("message")).GetProperty("id").GetString()!));
    }

    private async Task OutOfReachAsync()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await InactiveAsync();
    }

    private Task InactiveAsync() => TestKit.Eventually.TrueAsync(
        async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);

    private async Task<int> CountAsync() => (await Hub.GetAsync(Messages)).Body.GetProperty("messages").GetArrayLength();

    private async Task<long> EpochAsync() => (await Hub.GetAsync(Messages)).Body.GetProperty("page").GetProperty("epoch").GetInt64();
}
