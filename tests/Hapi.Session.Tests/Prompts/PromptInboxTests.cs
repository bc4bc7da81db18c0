using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Session.Prompts;

namespace Hapi.Session.Tests.Prompts;

public sealed class PromptInboxTests : IAsyncLifetime
{
    private readonly SessionFiles _files = new();
    private PromptQueue _queue = new();
    private PromptInbox _inbox = null!;

    public ValueTask InitializeAsync()
    {
        _queue = new PromptQueue();
        _inbox = new PromptInbox(_files.Outbox, _files.Log, _queue, () => default);
        return default;
    }

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    [Fact]
    public async Task A_message_that_is_delivered_again_is_given_once_and_answered_each_time()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        var batch = await TakeAsync();
        Assert.Single(batch.Prompts);
        Assert.True(_queue.IsEmpty);
        Assert.Equal([FactKinds.CommandAccepted, FactKinds.CommandAccepted], _files.Kinds());
    }

    [Fact]
    public async Task What_was_accepted_before_a_crash_waits_again_after_it_in_order()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1", "first"));
        await _inbox.AcceptAsync(SessionFiles.Message("2", "second"));
        await CrashAsync();
        Assert.Equal(["first", "second"], (await TakeAsync()).Prompts.Select(p => p.Text));
    }

    [Fact]
    public async Task What_the_agent_had_before_a_crash_is_never_given_again()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        var batch = await TakeAsync();
        await _inbox.DispatchingAsync(batch);
        await _inbox.ConsumedAsync(batch, 5);
        await CrashAsync();
        Assert.True(_queue.IsEmpty);
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public async Task What_the_agent_may_have_got_is_unknown_and_waits_for_a_person()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        await _inbox.DispatchingAsync(await TakeAsync());
        await CrashAsync();
        Assert.True(_queue.IsEmpty);
        Assert.Equal("l-1", _files.Facts()[^1].GetProperty("localIds")[0].GetString());
        Assert.Equal(FactKinds.MessagesIndeterminate, _files.Kinds()[^1]);

        await _inbox.RetryAsync(Retry("r", "1"));
        Assert.Equal("hello", Assert.Single((await TakeAsync()).Prompts).Text);
    }

    [Fact]
    public async Task A_waiting_message_can_be_taken_back_and_stays_back_after_a_crash()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        await _inbox.CancelAsync(Cancel("c", "1"));
        Assert.Equal(FactKinds.CommandAccepted, _files.Kinds()[^1]);
        await _inbox.CancelAsync(Cancel("c", "1"));
        Assert.Equal(FactKinds.CommandAccepted, _files.Kinds()[^1]);
        await CrashAsync();
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public async Task What_the_agent_has_or_is_getting_cannot_be_taken_back()
    {
        await _inbox.AcceptAsync(SessionFiles.Message("1"));
        var batch = await TakeAsync();
        await _inbox.CancelAsync(Cancel("c1", "1"));
        Assert.Equal(CommandRefusals.InFlight, Code());
        await _inbox.DispatchingAsync(batch);
        await _inbox.CancelAsync(Cancel("c2", "1"));
        Assert.Equal(CommandRefusals.InFlight, Code());
        await _inbox.ConsumedAsync(batch, 5);
        await _inbox.CancelAsync(Cancel("c3", "1"));
        Assert.Equal(CommandRefusals.Consumed, Code());
        await _inbox.CancelAsync(Cancel("c4", "never"));
        Assert.Equal(CommandRefusals.NotFound, Code());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"messageId":7}""")]
    [InlineData("""{"messageId":"m","seq":1,"createdAt":1,"content":"plain"}""")]
    [InlineData("[]")]
    public async Task A_body_that_is_no_message_is_refused_and_nothing_waits(string body)
    {
        await _inbox.AcceptAsync(SessionFiles.Command(CommandKinds.Message, "1", System.Text.Encoding.UTF8.GetBytes(body)));
        Assert.Equal(CommandRefusals.InvalidBody, Code());
        Assert.True(_queue.IsEmpty);
    }

    private string? Code() => _files.Facts()[^1].GetProperty("code").GetString();

    private Task<PromptBatch> TakeAsync() => _queue.TakeAsync(TestContext.Current.CancellationToken);

    private async Task CrashAsync()
    {
        await _files.RestartAsync();
        await InitializeAsync();
        await _inbox.RecoverAsync();
    }

    private static Command Cancel(string id, string message) => SessionFiles.Command(
        CommandKinds.MessageCancel, id, JsonSerializer.SerializeToUtf8Bytes(new MessageCancelCommand("m-" + message, "l-" + message), LinkJson.Default.MessageCancelCommand));

    private static Command Retry(string id, string message) => SessionFiles.Message(message) with { Id = id, Kind = CommandKinds.MessageRetry };
}
