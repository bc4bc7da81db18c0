using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Hapi.Rpc.Tests;

public sealed class RpcPeerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_waits_holds_nobody()
    {
        var slow = new TaskCompletionSource<string>();
        await using var pair = new Pair(right: (method, _) => method is "slow" ? slow.Task : Task.FromResult("\"quick\""));

        var waiting = pair.Left.RequestAsync("slow", default, Token);
        Assert.Equal("quick", (await pair.Left.RequestAsync("now", default, Token)).GetString());
        Assert.False(waiting.IsCompleted);

        slow.SetResult("\"late\"");
        Assert.Equal("late", (await waiting).GetString());
    }

    [Fact]
    public async Task A_hang_up_fails_every_waiter()
    {
        await using var pair = new Pair(right: (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => "1", TaskScheduler.Default));
        var waiting = Enumerable.Range(0, 5).Select(_ => pair.Left.RequestAsync("never", default, Token)).ToList();

        await pair.RightEnd.DisposeAsync();

        foreach (var waiter in waiting)
        {
            await Assert.ThrowsAsync<RpcClosedException>(() => waiter);
        }

        await Assert.ThrowsAsync<RpcClosedException>(() => pair.Left.RequestAsync("later", default, Token));
    }

    [Fact]
    public async Task Refusals_and_failures_come_back_as_errors_without_their_insides()
    {
        await using var pair = new Pair(right: (method, _) => method is "refuse"
            ? throw new RpcException(-32000, "not today", "closed_on_sundays")
            : throw new InvalidOperationException("secret"));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => pair.Left.RequestAsync("refuse", default, Token));
        Assert.Equal((-32000, "not today", "closed_on_sundays"), (refusal.Code, refusal.Message, refusal.Kind));
        var failure = await Assert.ThrowsAsync<RpcException>(() => pair.Left.RequestAsync("fail", default, Token));
        Assert.Equal(RpcException.InternalError, failure.Code);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"7f-uuid\"")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("{\"odd\":[1]}")]
    [InlineData("false")]
    public async Task An_id_of_any_type_is_echoed(string id)
    {
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => Task.FromResult("true"))).RunAsync(Token);

        await left.SendAsync(Encoding.UTF8.GetBytes($$"""{"method":"m","id":{{id}}}"""), Token);
        var answer = JsonElement.Parse((await left.ReceiveAsync(Token))!.Value.Span);

        Assert.Equal(id, answer.GetProperty("id").GetRawText());
        await left.DisposeAsync();
        await run;
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("{\"id\":")]
    [InlineData("[1,2]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"id\":99,\"result\":1}")]
    [InlineData("{\"id\":\"x\",\"result\":1}")]
    [InlineData("{\"method\":\"n\",\"params\":\"odd\"}")]
    [InlineData("{\"method\":\"\\ud800\"}")]
    [InlineData("{\"method\":\"m\"} trailing")]
    public async Task Noise_is_dropped_and_the_connection_lives(string noise)
    {
        var heard = 0;
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => Task.FromResult("true"), p => JsonSerializer.Deserialize<int[]>(p.Span)), new(OnNoise: _ => heard++)).RunAsync(Token);

        await left.SendAsync(Encoding.UTF8.GetBytes(noise), Token);
        await left.SendAsync("{\"method\":\"m\",\"id\":2}"u8.ToArray(), Token);
        var answer = JsonElement.Parse((await left.ReceiveAsync(Token))!.Value.Span);

        Assert.Equal(2, answer.GetProperty("id").GetInt32());
        Assert.Equal(1, heard);
        await left.DisposeAsync();
        await run;
    }

    [Theory]
    [InlineData("{\"id\":1}", RpcException.InvalidRequest)]
    [InlineData("{\"method\":5,\"id\":1}", RpcException.InvalidRequest)]
    [InlineData("{\"method\":\"m\",\"id\":1,\"params\":[\"no number\"]}", RpcException.InvalidParams)]
    public async Task What_has_an_id_and_makes_no_sense_is_refused(string odd, int code)
    {
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => throw new JsonException("another shape"))).RunAsync(Token);

        await left.SendAsync(Encoding.UTF8.GetBytes(odd), Token);
        var answer = JsonElement.Parse((await left.ReceiveAsync(Token))!.Value.Span);

        Assert.Equal((1, code), (answer.GetProperty("id").GetInt32(), answer.GetProperty("error").GetProperty("code").GetInt32()));
        await left.DisposeAsync();
        await run;
    }

    [Theory]
    [InlineData(200)]
    [InlineData(255)]
    [InlineData(5000)]
    public async Task Depth_never_ends_a_connection(int depth)
    {
        var deep = new string('[', depth) + new string(']', depth);
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => Task.FromResult("true"))).RunAsync(Token);

        await left.SendAsync(Encoding.UTF8.GetBytes($$"""{"method":"m","id":1,"params":{{deep}}}"""), Token);
        await left.SendAsync(Encoding.UTF8.GetBytes($$"""{"id":1,"result":{{deep}}}"""), Token);
        await left.SendAsync("{\"method\":\"m\",\"id\":\"after\"}"u8.ToArray(), Token);
        string id;
        do
        {
            var next = left.ReceiveAsync(Token).AsTask();
            Assert.Same(next, await Task.WhenAny(next, run));
            id = JsonElement.Parse((await next)!.Value.Span).GetProperty("id").ToString();
        }
        while (id != "after");

        await left.DisposeAsync();
        await run;
    }

    [Fact]
    public void Any_bytes_are_noise_at_worst() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            _ = RpcMessage.Read(bytes);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_damage_to_a_good_message_is_survived() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNegativeInt Place, byte Value)[]>(), async Task (damage) =>
        {
            var bytes = """{"jsonrpc":"2.0","id":7,"method":"m","params":{"a":[1,"ü",null]}}"""u8.ToArray();
            foreach (var (place, value) in damage)
            {
                bytes[place.Get % bytes.Length] = value;
            }

            var (left, right) = MemoryTransport.CreatePair();
            var run = new RpcPeer(right, new Handler((_, _) => Task.FromResult("true"))).RunAsync(CancellationToken.None);
            await left.SendAsync(bytes, CancellationToken.None);
            await left.SendAsync("{\"method\":\"m\",\"id\":\"after\"}"u8.ToArray(), CancellationToken.None);
            while (JsonElement.Parse((await left.ReceiveAsync(CancellationToken.None))!.Value.Span).GetProperty("id").ToString() != "after")
            {
            }

            await left.DisposeAsync();
            await run;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Who_asks_too_much_at_once_is_refused_and_the_rest_is_answered()
    {
        var gate = new TaskCompletionSource<string>();
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => gate.Task), new(MaxConcurrentRequests: 2)).RunAsync(Token);
        for (var id = 1; id <= 3; id++)
        {
            await left.SendAsync(Encoding.UTF8.GetBytes($$"""{"method":"m","id":{{id}}}"""), Token);
        }

        var refused = JsonElement.Parse((await left.ReceiveAsync(Token))!.Value.Span);
        Assert.Equal((3, "too_many_requests"), (refused.GetProperty("id").GetInt32(), refused.GetProperty("error").GetProperty("data").GetProperty("code").GetString()));
        gate.SetResult("true");
        int[] answered = [await AnsweredAsync(left), await AnsweredAsync(left)];
        Assert.Equal([1, 2], answered.Order());
        await left.DisposeAsync();
        await run;
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_free_even_when_the_other_side_does_not_read()
    {
        var stuck = new StuckTransport();
        using var patience = new CancellationTokenSource();
        var asking = new RpcPeer(stuck, new Handler((_, _) => Task.FromResult("1"))).RequestAsync("m", default, patience.Token);
        await stuck.Sending.WaitAsync(Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    [Fact]
    public async Task A_hang_up_cancels_what_is_being_answered()
    {
        var cancelled = new TaskCompletionSource();
        await using var pair = new Pair(right: async (_, token) =>
        {
            await using var told = token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return "1";
        });
        var asking = pair.Left.RequestAsync("m", default, Token);
        await pair.LeftEnd.DisposeAsync();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await pair.RightEnd.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => asking);
    }

    [Fact]
    public async Task Notifications_arrive_in_order()
    {
        var seen = new List<int>();
        var all = new TaskCompletionSource();
        await using var pair = new Pair(onNotify: parameters =>
        {
            seen.Add(JsonElement.Parse(parameters.Span).GetInt32());
            if (seen.Count == 200)
            {
                all.SetResult();
            }
        });

        for (var i = 0; i < 200; i++)
        {
            await pair.Left.NotifyAsync("n", Encoding.UTF8.GetBytes($"{i}"), Token);
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(Enumerable.Range(0, 200), seen);
    }

    private static async Task<int> AnsweredAsync(MemoryTransport transport) =>
        JsonElement.Parse((await transport.ReceiveAsync(Token))!.Value.Span).GetProperty("id").GetInt32();

    /// <summary>The other side never reads.</summary>
    private sealed class StuckTransport : IRpcTransport
    {
        private readonly TaskCompletionSource _sending = new(), _never = new();

        public Task Sending => _sending.Task;

        public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            _sending.SetResult();
            await _never.Task;
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Handler(Func<string, CancellationToken, Task<string>> answer, Action<ReadOnlyMemory<byte>>? onNotify = null) : IRpcHandler
    {
        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
        {
            onNotify?.Invoke(parameters);
            return default;
        }

        public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) =>
            Encoding.UTF8.GetBytes(await answer(method, cancellationToken));
    }

    private sealed class Pair : IAsyncDisposable
    {
        private readonly Task _runs;
        public Pair(Func<string, CancellationToken, Task<string>>? right = null, Action<ReadOnlyMemory<byte>>? onNotify = null)
        {
            (LeftEnd, RightEnd) = MemoryTransport.CreatePair();
            Left = new RpcPeer(LeftEnd, new Handler((_, _) => Task.FromResult("null")));
            var peer = new RpcPeer(RightEnd, new Handler(right ?? ((_, _) => Task.FromResult("null")), onNotify));
            _runs = Task.WhenAll(Left.RunAsync(CancellationToken.None), peer.RunAsync(CancellationToken.None));
        }

        public RpcPeer Left { get; }

        public MemoryTransport LeftEnd { get; }

        public MemoryTransport RightEnd { get; }

        public async ValueTask DisposeAsync()
        {
            await LeftEnd.DisposeAsync();
            await RightEnd.DisposeAsync();
            await _runs;
        }
    }
}
