using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;
using Hapi.TestKit;

namespace Hapi.Hub.Tests.Events;

/// <summary>What time alone brings about.</summary>
public sealed class TimeTests() : HubTests(StoreKind.Sqlite)
{
    private const string Messages = "/api/sessions/s1/messages";
    private readonly ManualTime _time = new();

    protected override HubOptions Options(HubOptions options) => new() { Home = options.Home, Port = options.Port, Store = options.Store, Time = _time };

    [Fact]
    public async Task Every_thirty_seconds_a_heartbeat_without_an_id()
    {
        await using var events = await EventClient.ConnectAsync(Hub);
        await events.NextAsync("connection-changed");

        _time.Advance(TimeSpan.FromSeconds(30));
        var beat = await events.NextAsync("heartbeat");

        Assert.Equal(((string?)null, "default", _time.Now), (beat.Id, beat.Data.GetProperty("namespace").GetString(), beat.Data.GetProperty("data").GetProperty("timestamp").GetInt64()));
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time_and_is_handed_over_once()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await using var events = await EventClient.ConnectAsync(Hub);
        await Hub.PostAsync(Messages, new { text = "later", localId = "l1", scheduledAt = _time.Now + 60_000 });
        var before = await SummaryAsync();
        Assert.Equal((1, _time.Now + 60_000), (before.GetProperty("futureScheduledMessageCount").GetInt32(), before.GetProperty("nextScheduledAt").GetInt64()));

        _time.Advance(TimeSpan.FromSeconds(55));
        await using var link = await LinkClient.OpenAsync(Hub, "s1", generation: 2);
        await Hub.PostAsync(Messages, new { text = "now", localId = "l2" });
        Assert.Equal("l2", (await link.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString());

        _time.Advance(TimeSpan.FromSeconds(6));
        var matured = await events.NextAsync("scheduled-matured");
        var command = await link.CommandAsync("message");

        Assert.Equal("s1", matured.Data.GetProperty("sessionId").GetString());
        Assert.Equal("l1", command.GetProperty("body").GetProperty("localId").GetString());
        var after = await SummaryAsync();
        Assert.Equal((0, JsonValueKind.Null), (after.GetProperty("futureScheduledMessageCount").GetInt32(), after.GetProperty("nextScheduledAt").ValueKind));
        await link.RequestRawAsync("ping", "{}");
        _time.Advance(TimeSpan.FromSeconds(6));
        await Hub.PostAsync(Messages, new { text = "end", localId = "l3" });
        Assert.Equal("l3", (await link.CommandAsync("message")).GetProperty("body").GetProperty("localId").GetString());
    }

    [Fact]
    public async Task A_scheduled_message_can_be_taken_back_before_its_time()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        await Hub.PostAsync(Messages, new { text = "later", localId = "l1", scheduledAt = _time.Now + 60_000 });

        Assert.Equal("cancelled", (await Hub.DeleteAsync($"{Messages}/l1")).Body.GetProperty("status").GetString());

        Assert.Equal(0, (await SummaryAsync()).GetProperty("futureScheduledMessageCount").GetInt32());
    }

    [Fact]
    public async Task An_abort_that_nobody_took_is_void_after_a_minute_and_a_message_is_not()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await InactiveAsync();
        await Hub.PostAsync("/api/sessions/s1/abort");
        await Hub.PostAsync(Messages, new { text = "x", localId = "l1" });
        Assert.Equal(2, await OpenAsync());

        _time.Advance(TimeSpan.FromSeconds(70));

        await Eventually.TrueAsync(async () => await OpenAsync() == 1, "the abort has expired", Token);
    }

    [Fact]
    public async Task An_answer_that_nobody_took_is_void_after_a_day_and_the_request_can_be_answered_again()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await link.AppendAsync(Facts.Asks("r1"));
        }

        await InactiveAsync();
        var token = await Hub.SignInAsync(Hub.OwnerToken);
        await Hub.PostAsync("/api/sessions/s1/permissions/r1/deny", token: token);
        Assert.Equal(HttpStatusCode.Conflict, (await Hub.PostAsync("/api/sessions/s1/permissions/r1/approve", token: token)).Status);

        _time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(async () => await OpenAsync() == 0, "the answer has expired", Token);

        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/sessions/s1/permissions/r1/approve", token: await Hub.SignInAsync(Hub.OwnerToken))).Status);
    }

    [Fact]
    public async Task A_quiet_link_is_pinged_and_one_that_answers_lives_on()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        for (var i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await link.NextAsync("ping");
            await link.RequestRawAsync("ping", "{}"); // its answer to the hub's ping has arrived before this one
        }

        Assert.True((await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_link_that_is_silent_for_fifteen_seconds_is_cut_and_the_session_unreachable()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        link.AnswersPings = false;

        _time.Advance(TimeSpan.FromSeconds(16));

        await link.ClosedAsync();
        await InactiveAsync();
    }

    private async Task<int> OpenAsync()
    {
        await using var link = await LinkClient.ConnectAsync(Hub);
        return (await link.RequestRawAsync("hello", """{"protocol":1,"role":"session","sessionId":"s1","generation":1}""")).GetProperty("result").GetProperty("commands").GetInt32();
    }

    private async Task<JsonElement> SummaryAsync() => Assert.Single((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions").EnumerateArray());

    private Task InactiveAsync() => Eventually.TrueAsync(
        async () => !(await Hub.GetAsync("/api/sessions/s1", await Hub.SignInAsync(Hub.OwnerToken))).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);
}
