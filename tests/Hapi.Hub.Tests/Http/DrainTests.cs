using System.Diagnostics;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Http;

/// <summary>A hub that stops: quickly, whoever listens, and with everything it accepted written.</summary>
public sealed class DrainTests() : HubTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task Fifty_streams_and_twenty_links_do_not_hold_up_a_hub_that_stops()
    {
        var links = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LinkClient.OpenAsync(Hub)));
        var streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => EventClient.ConnectAsync(Hub, gzip: i % 2 == 0)));
        var watch = Stopwatch.StartNew();

        await Hub.StopAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        await Task.WhenAll(streams.Select(s => s.Ended));
        Assert.All(await Task.WhenAll(links.Select(l => l.ClosedAsync())), code => Assert.Equal(1001, code));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_question_that_nobody_answers_does_not_hold_up_a_hub_that_stops()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        var asked = new TaskCompletionSource();
        link.Serve("git-status", _ =>
        {
            asked.TrySetResult();
            throw new OperationCanceledException();
        });
        var asking = Hub.GetAsync("/api/sessions/s1/git-status");
        await asked.Task;
        var watch = Stopwatch.StartNew();

        await Hub.StopAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        await asking.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task What_was_acknowledged_before_the_stop_is_there_after_it()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        for (var i = 0; i < 10; i++)
        {
            await link.SendFactsAsync(2 + (i * 20), [.. Enumerable.Range(0, 20).Select(n => Facts.Message($"{i}/{n}"))]);
        }

        await Hub.RestartAsync();
        await link.ClosedAsync();
        var acknowledged = 1L;
        while (link.HasHeard("ack"))
        {
            acknowledged = (await link.NextAsync("ack")).GetProperty("through").GetInt64();
        }

        await using var back = await LinkClient.ConnectAsync(Hub);
        var through = (await back.HelloAsync("s1")).GetProperty("result").GetProperty("through").GetInt64();
        Assert.True(through >= acknowledged);
        var head = (await Hub.GetAsync("/api/sessions/s1/messages?limit=1")).Body.GetProperty("page").GetProperty("snapshotHeadSeq");
        Assert.Equal(through - 1, head.ValueKind is System.Text.Json.JsonValueKind.Null ? 0 : head.GetInt64());
    }
}
