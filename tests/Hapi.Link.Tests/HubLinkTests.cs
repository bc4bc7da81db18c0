using System.Collections.Concurrent;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Rpc;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class HubLinkTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TestHub _hub = new();
    private readonly Handler _handler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _hub.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_appended_is_applied_in_order_and_forgotten()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await Task.WhenAll(Enumerable.Range(1, 1000).Select(i => outbox.AppendAsync(Samples.Message($"{i}"), Token)));

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (outbox.Generation, $"{i}")), _hub.Applied);
        await Eventually.TrueAsync(() => outbox.Read(outbox.Generation, 0, 1, int.MaxValue).Count == 0, "the outbox is empty", Token);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_is_lost_doubled_or_reordered_whatever_the_hub_does(int seed)
    {
        var chance = new Random(seed);
        await using var outbox = Open();
        await using var link = Connect(outbox);
        const int Facts = 400;
        for (var i = 1; i <= Facts; i++)
        {
            await outbox.AppendAsync(Samples.Message($"{i}"), Token);
            switch (chance.Next(40))
            {
                case 0:
                    _hub.Cut();
                    break;
                case 1:
                    _hub.Acknowledges = !_hub.Acknowledges;
                    break;
                case 2:
                    await _hub.DieAsync();
                    await _hub.StartAsync(Token);
                    break;
            }
        }

        _hub.Acknowledges = true;
        _hub.Cut(); // facts whose acknowledgement was kept back are settled by the next hello
        await Eventually.TrueAsync(() => link.FlushAsync(TimeSpan.FromMilliseconds(100)), "the hub has everything", Token);
        Assert.Equal(Enumerable.Range(1, Facts).Select(i => $"{i}"), _hub.Applied.Select(f => f.Text));
        Assert.Equal(0, _hub.Gaps);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_delivered_first_under_its_own_generation()
    {
        long older;
        await using (var outbox = Open())
        {
            older = outbox.Generation;
            await outbox.AppendAsync(Samples.Message("old 1"), Token);
            await outbox.AppendAsync(Samples.Message("old 2"), Token);
        }

        await using var next = Open();
        await next.AppendAsync(Samples.Message("new"), Token);
        await using var link = Connect(next);

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([(older, "old 1"), (older, "old 2"), (next.Generation, "new")], _hub.Applied);
        Assert.Equal([older], _hub.Hellos[0].Older);
        await Eventually.TrueAsync(() => next.OlderGenerations().Count == 0, "the older generation is forgotten", Token);
    }

    [Fact]
    public async Task What_the_hub_had_of_a_dead_process_is_forgotten_at_the_hello()
    {
        _hub.Acknowledges = false;
        await using (var outbox = Open())
        {
            await using var first = Connect(outbox);
            await outbox.AppendAsync(Samples.Message("once"), Token);
            await Eventually.TrueAsync(() => _hub.Applied.Count == 1, "it is applied", Token);
        }

        await using var next = Open();
        await using var link = Connect(next);

        await Eventually.TrueAsync(() => next.OlderGenerations().Count == 0, "the older generation is forgotten", Token);
        Assert.Single(_hub.Applied);
    }

    [Fact]
    public async Task Large_facts_never_make_a_frame_that_the_hub_refuses()
    {
        await using var outbox = Open();
        for (var i = 0; i < 6; i++)
        {
            await outbox.AppendAsync(Samples.Message(new string('x', LinkLimits.MaxFactBytes - 1000)), Token);
        }

        await using var link = Connect(outbox);
        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.True(_hub.LargestFrame < LinkLimits.MaxFrameBytes);
        Assert.Single(_hub.Hellos);
    }

    [Fact]
    public async Task A_process_works_without_a_hub_and_delivers_when_one_comes()
    {
        await _hub.DieAsync();
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await Eventually.TrueAsync(() => link.State is LinkState.Unreachable, "the hub is not there", Token);
        Assert.Contains(_hub.Url.ToString(), link.Problem, StringComparison.Ordinal);
        await outbox.AppendAsync(Samples.Message("kept"), Token);
        Assert.False(await link.FlushAsync(TimeSpan.FromMilliseconds(50)));

        await _hub.StartAsync(Token);

        Assert.True(await link.FlushAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal((LinkState.Connected, null), (link.State, link.Problem));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_token_that_is_not_accepted_is_said_to_the_user(int status)
    {
        _hub.Status = status;
        await using var outbox = Open();
        await using var link = Connect(outbox);

        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "the link is refused", Token);
        Assert.Contains("hapi auth login", link.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hello_that_is_refused_is_said_in_the_hubs_words_and_tried_again_later()
    {
        var time = new ManualTime();
        _hub.Refusal = new RpcException(-32000, "A newer process runs this session.", "superseded");
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "the link is refused", Token);
        Assert.Equal("A newer process runs this session.", link.Problem);

        _hub.Refusal = null;
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

        _hub.Forget();
        _hub.Cut();

        await Eventually.TrueAsync(() => link.State is LinkState.Refused, "it says so", Token);
        Assert.Contains("Start the session again", link.Problem, StringComparison.Ordinal);
        Assert.Equal(0, _hub.Gaps);
    }

    [Fact]
    public async Task A_link_that_ends_as_soon_as_it_is_up_is_not_opened_in_a_busy_loop()
    {
        var time = new ManualTime();
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await UpAsync(link);

        _hub.Cut();

        await Eventually.TrueAsync(() => link.State is LinkState.Connecting, "the end is noticed", Token);
        for (var i = 0; i < 100; i++)
        {
            await outbox.AppendAsync(Samples.Message("meanwhile"), Token);
        }

        Assert.Single(_hub.Hellos); // no time has passed
        time.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.TrueAsync(() => _hub.Hellos.Count == 2, "it is tried again", Token);
    }

    [Fact]
    public async Task A_silent_hub_is_pinged_after_five_seconds_and_left_after_fifteen()
    {
        var time = new ManualTime();
        await using var outbox = Open();
        await using var link = Connect(outbox, time);
        await Eventually.TrueAsync(() => link.State is LinkState.Connected, "the link is up", Token);

        _hub.Breathes = false;
        var seconds = 0;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            return _hub.Hellos.Count > 1;
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
        await Eventually.TrueAsync(() => _hub.Live.Count == 1, "presence is there", Token);

        // Each step waits until what it made the process send has come back.
        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await _hub.CallAsync("known", "{}", Token);
        }

        Assert.Single(_hub.Hellos);
        Assert.InRange(_hub.Live.Count, 2, 4); // presence goes out every twenty seconds
    }

    [Fact]
    public async Task Presence_and_open_streams_come_again_on_a_new_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        link.SetPresence(new Presence(Thinking: true));
        link.SetStreams([new LiveStream("s1", "text", "so far")]);
        await Eventually.TrueAsync(() => _hub.Live.Any(l => l.Streams?.Count == 1), "the stream shows", Token);
        var before = _hub.Live.Count;

        _hub.Cut();

        await Eventually.TrueAsync(() => _hub.Live.Skip(before).Any(l => l is { Presence.Thinking: true, Streams: [{ Text: "so far" }] }), "both come again", Token);
    }

    [Fact]
    public async Task Commands_come_one_at_a_time_in_order_and_once_by_id_however_often_they_are_sent()
    {
        await using var outbox = Open();
        _handler.Outbox = outbox;
        await using var link = Connect(outbox);
        await UpAsync(link);

        await _hub.DeliverAsync([.. Enumerable.Range(1, 20).Select(i => Samples.Prompt($"c{i}", $"{i}"))]);
        await _hub.DeliverAsync(Samples.Prompt("c3", "3"), Samples.Prompt("c21", "21"));

        await Eventually.TrueAsync(() => _handler.Taken.Count == 21, "all are taken", Token);
        Assert.Equal(Enumerable.Range(1, 21).Select(i => $"c{i}"), _handler.Taken);
        Assert.Equal(1, _handler.MostAtOnce);
    }

    [Fact]
    public async Task A_handler_that_waits_does_not_cost_the_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);
        _handler.Hold = new();
        await _hub.DeliverAsync(Samples.Prompt("slow", "waits for room on the disk"));
        await Eventually.TrueAsync(() => _handler.Entered == 1, "it is being handled", Token);

        Assert.Equal("{}", (await _hub.CallAsync("known", "{}", Token)).GetRawText());
        _hub.Cut();
        await Eventually.TrueAsync(() => _hub.Hellos.Count == 2, "the link is back", Token);
        await _hub.DeliverAsync(Samples.Prompt("slow", "sent again"));
        Assert.Equal("{}", (await _hub.CallAsync("known", "{}", Token)).GetRawText());
        _handler.Hold.SetResult();

        await Eventually.TrueAsync(() => _handler.Taken.Count == 1, "it is done", Token);
        Assert.Equal((1, 1), (_handler.Entered, _handler.MostAtOnce));
    }

    [Fact]
    public async Task A_command_that_its_handler_fails_on_comes_again_with_the_next_link()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);
        _handler.Fails = true;
        await _hub.DeliverAsync(Samples.Prompt("c1", "1"));
        await Eventually.TrueAsync(() => _hub.Hellos.Count >= 2, "the link is renewed", Token);

        _handler.Fails = false;
        await UpAsync(link);
        await _hub.DeliverAsync(Samples.Prompt("c1", "1"));
        await Eventually.TrueAsync(() => _handler.Taken.Count == 1, "it is done", Token);
    }

    [Fact]
    public async Task A_fact_that_is_refused_for_good_is_told()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        var refused = new TaskCompletionSource<RefuseNotice>();
        link.FactRefused += refused.SetResult;
        await UpAsync(link);

        await _hub.NotifyAsync(LinkMethods.Refuse, $$"""{"sessionId":"{{Samples.SessionId}}","generation":1,"n":7,"code":"bad_shape","message":"no"}""");

        var told = await refused.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal((7, "bad_shape"), (told.N, told.Code));
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

        await _hub.NotifyAsync(method, json);

        Assert.Equal("{}", (await _hub.CallAsync("known", "{}", Token)).GetRawText());
        Assert.Single(_hub.Hellos);
    }

    [Fact]
    public async Task Calls_are_answered_or_refused_with_a_code()
    {
        await using var outbox = Open();
        await using var link = Connect(outbox);
        await UpAsync(link);

        Assert.Equal("handler-not-registered", (await Assert.ThrowsAsync<RpcException>(() => _hub.CallAsync("unknown", "{}", Token))).Kind);
        Assert.Equal("answer-too-large", (await Assert.ThrowsAsync<RpcException>(() => _hub.CallAsync("huge", "{}", Token))).Kind);
        Assert.Equal("{}", (await _hub.CallAsync("known", "{}", Token)).GetRawText());
        Assert.Single(_hub.Hellos);
    }

    [Fact]
    public async Task A_full_disk_is_told_over_the_link_while_it_lasts()
    {
        await using var outbox = Outbox.Open(_folder["session.db"], TimeProvider.System, maxBytes: 64 * 1024);
        await using var link = Connect(outbox);
        link.SetPresence(new Presence(Thinking: false));
        await UpAsync(link);
        _ = outbox.AppendAsync(Samples.Message(new string('x', 200_000)), Token).ContinueWith(t => t.Exception, TaskScheduler.Default);

        await Eventually.TrueAsync(() => _hub.Live.Any(l => l.Fault?.Code is "disk_full"), "the hub knows why", Token);
    }

    private static Task UpAsync(HubLink link) => Eventually.TrueAsync(() => link.State is LinkState.Connected, "the link is up", Token);

    private Outbox Open() => Outbox.Open(_folder["session.db"], TimeProvider.System);

    private HubLink Connect(Outbox outbox, TimeProvider? time = null)
    {
        var link = new HubLink(new LinkOptions(_hub.Url, "token", Samples.SessionId, "1.0"), outbox, _handler, time ?? TimeProvider.System);
        link.Start();
        return link;
    }

    private sealed class Handler : ILinkHandler
    {
        private int _now;

        public ConcurrentQueue<string> Taken { get; } = new();

        public int Entered { get; private set; }

        public int MostAtOnce { get; private set; }

        public bool Fails { get; set; }

        public TaskCompletionSource? Hold { get; set; }

        public Outbox? Outbox { get; set; }

        public async Task OnCommandAsync(Command command, CancellationToken cancellationToken)
        {
            Entered++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            try
            {
                if (Fails)
                {
                    throw new InvalidOperationException("scripted");
                }

                await (Hold?.Task ?? Task.CompletedTask);
                if (Outbox is null || await Outbox.AcceptAsync(command, null, new CommandAccepted(1, command.Id), cancellationToken))
                {
                    Taken.Enqueue(command.Id);
                }
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }

        public Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken) => Task.FromResult<RawJson?>(name switch
        {
            "known" => args,
            "huge" => RawJson.Parse($"\"{new string('x', LinkLimits.MaxFrameBytes)}\""),
            _ => null,
        });
    }
}
