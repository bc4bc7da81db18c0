using System.Net;
using System.Net.WebSockets;
using Hapi.Hub.Audit;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Audit;

public sealed class SignInAuditTests() : HubTests(StoreKind.Sqlite)
{
    private readonly ManualTime _time = new();

    private SignInAudit Audit => Hub.App.Services.GetRequiredService<SignInAudit>();

    protected override HubOptions Options(HubOptions options) => new() { Home = options.Home, Port = options.Port, Store = options.Store, Time = _time };

    [Fact]
    public async Task Failures_of_one_address_are_one_row_a_minute_with_their_number()
    {
        await Hub.SignInAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync("/api/auth", new { accessToken = "wrong" }, token: "")).Status);
        }

        Assert.Equal([1], await CountsAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        await Audit.TickAsync();
        await TestKit.Eventually.TrueAsync(async () => (await CountsAsync()).SequenceEqual([1, 4]), "the others are told", Token);
        _time.Advance(TimeSpan.FromMinutes(5));
        await Audit.TickAsync();
        Assert.Equal([1, 4], await CountsAsync());
        Assert.Equal("sign_in.failed user - web 127.0.0.1 token", (await Hub.ActAsync("sign_in.failed")).Line());
    }

    [Fact]
    public async Task The_moment_an_address_is_locked_out_is_told_once()
    {
        await Hub.SignInAsync();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 15; i++)
        {
            answers.Add((await Hub.PostAsync("/api/pair", new { code = "wrong" }, token: "")).Status);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal("sign_in.locked_out user - web 127.0.0.1 pairing_code", Assert.Single(await Hub.ActsAsync("kind=sign_in.locked_out")).Line());
    }

    [Fact]
    public async Task A_process_with_a_wrong_token_is_told_as_such()
    {
        await Assert.ThrowsAsync<WebSocketException>(() => LinkClient.ConnectAsync(Hub, "wrong"));

        Assert.Equal("sign_in.failed user - link 127.0.0.1 token", (await Hub.ActAsync("sign_in.failed")).Line());
    }

    [Fact]
    public async Task A_flood_from_everywhere_fills_no_disk()
    {
        for (var i = 0; i < 1000; i++)
        {
            await Audit.FailedAsync($"10.0.{i / 250}.{i % 250}", "token", AuditChannels.Web, lockedOut: true);
        }

        var acts = await Hub.ActsAsync("kind=sign_in.failed&limit=200");
        Assert.Equal(SignInAudit.MaxRowsAMinute + 1, acts.Count);
        Assert.True((await Hub.ActsAsync("kind=sign_in.locked_out&limit=200")).Count <= SignInAudit.MaxRowsAMinute + 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Audit.TickAsync();
        await TestKit.Eventually.TrueAsync(async () => (await CountsAsync()).Sum() == 1000, "all are counted", Token);
        Assert.Equal("ok", await Hub.VerifyAsync());
    }

    private async Task<List<int>> CountsAsync() =>
        [.. (await Hub.ActsAsync("kind=sign_in.failed&limit=200")).Select(a => a.GetProperty("after").GetProperty("failures").GetInt32())];
}
