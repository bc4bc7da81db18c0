using Hapi.Contracts.Link;
using Hapi.Rpc;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class LinkLifeTests : LinkStage
{
    [Fact]
    public async Task A_process_works_without_a_hub_and_delivers_when_one_comes()
    {
        await Hub.DieAsync();
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await Eventually.TrueAsync(() => link.State is LinkState.Unreachable, "the hub is not there", Token);
        Assert.Contains(Hub.Url.ToString(), link.Problem, StringComparison.Ordinal);
        await outbox.AppendAsync(Samples.Message("kept"), Token);
        Assert.False(await link.FlushAsync(TimeSpan.FromMilliseconds(50)));

        await Hub.StartAsync(Token);

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal((LinkState.Connected, null), (link.State, link.Problem));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_token_that_is_not_accepted_is_said_to_the_user(int status)
    {
        Hub.Status = status;
        await using var outbox = Open();
        await using var link = Connect(outbox);

        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "the link is refused", Token);
        Assert.Contains("hapi auth login", link.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hello_that_is_refused_is_said_in_the_hubs_words_and_tried_again_later()
    {
        var time = new ManualTime();
        Hub.Refusal = new RpcException(-32000, "A newer process runs this session.", "superseded");
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "the link is refused", Token);
        Assert.Equal("A newer process runs this session.", link.Problem);

        Hub.Refusal = null;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return link.State is LinkState.Connected;
        }, "it is tried again", Token);
    }

    [Fact]
    public async Task A_hub_that_has_forgotten_the_session_is_told_apart_and_not_stormed()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await outbox.AppendAsync(Samples.Message("1"), Token);
        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));

        Hub.Forget();
        Hub.Cut();

        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "it says so", Token);
        Assert.Contains("Start the session again", link.Problem, StringComparison.Ordinal);
        Assert.Equal(0, Hub.Gaps);
    }

    [Fact]
    public async Task A_link_that_ends_as_soon_as_it_is_up_is_not_opened_in_a_busy_loop()
    {
        var time = new ManualTime();
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await UpAsync(link);

        Hub.Cut();

        await Eventually.TrueAsync(() => link.State is LinkState.Connecting, "the end is noticed", Token);
        for (var i = 0; i < 100; i++)
        {
            await outbox.AppendAsync(Samples.Message("meanwhile"), Token);
        }

        Assert.Single(Hub.Hellos); // no time has passed
        time.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.TrueAsync(() => Hub.Hellos.Count == 2, "it is tried again", Token);
    }

    [Fact]
    public async Task A_silent_hub_is_pinged_after_five_seconds_and_left_after_fifteen()
    {
        var time = new ManualTime();
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await Eventually.TrueAsync(() => link.State is LinkState.Connected, "the link is up", Token);

        Hub.Breathes = false;
        var seconds = 0;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            return Hub.Hellos.Count > 1;
        }, "it connects anew", Token);
        Assert.True(seconds >= 15, $"It left after {seconds} s.");
    }

    [Fact]
    public async Task A_hub_that_answers_pings_is_kept()
    {
        var time = new ManualTime();
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        link.SetPresence(new Presence(Thinking: false));
        await Eventually.TrueAsync(() => Hub.Live.Count == 1, "presence is there", Token);

        // Each step waits until what it made the process send has come back.
        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Hub.CallAsync("known", "{}", Token);
        }

        Assert.Single(Hub.Hellos);
        Assert.InRange(Hub.Live.Count, 2, 4); // presence goes out every twenty seconds
    }

    [Fact]
    public async Task Presence_and_open_streams_come_again_on_a_new_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        link.SetPresence(new Presence(Thinking: true));
        link.SetStreams([new LiveStream("s1", "text", "so far")]);
        await Eventually.TrueAsync(() => Hub.Live.Any(l => l.Streams?.Count == 1), "the stream shows", Token);
        var before = Hub.Live.Count;

        Hub.Cut();

        await Eventually.TrueAsync(() => Hub.Live.Skip(before).Any(l => l is { Presence.Thinking: true, Streams: [{ Text: "so far" }] }), "both come again", Token);
    }

    [Fact]
    public async Task A_full_disk_is_told_over_the_link_while_it_lasts()
    {
        await using var outbox = Open(maxBytes: 64 * 1024);
        await using var link = Connect(outbox);
        link.SetPresence(new Presence(Thinking: false));
        await UpAsync(link);
        _ = outbox.AppendAsync(Samples.Message(new string('x', 200_000)), Token).ContinueWith(t => t.Exception, TaskScheduler.Default);

        await Eventually.TrueAsync(() => Hub.Live.Any(l => l.Fault?.Code is "disk_full"), "the hub knows why", Token);
    }
}
