using System.Text;
using System.Text.Json;

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
    [InlineData("{\"method\":5,\"id\":1}")]
    [InlineData("{\"id\":99,\"result\":1}")]
    [InlineData("{\"id\":\"x\",\"result\":1}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"method\":\"m\"} trailing")]
    public async Task Noise_is_dropped_and_the_connection_lives(string noise)
    {
        var heard = 0;
        var (left, right) = MemoryTransport.CreatePair();
        var run = new RpcPeer(right, new Handler((_, _) => Task.FromResult("true")), new(OnNoise: _ => heard++)).RunAsync(Token);

        await left.SendAsync(Encoding.UTF8.GetBytes(noise), Token);
        await left.SendAsync("{\"method\":\"m\",\"id\":2}"u8.ToArray(), Token);
        var answer = JsonElement.Parse((await left.ReceiveAsync(Token))!.Value.Span);

        Assert.Equal(2, answer.GetProperty("id").GetInt32());
        Assert.Equal(1, heard);
        await left.DisposeAsync();
        await run;
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
        private readonly MemoryTransport _leftEnd;

        public Pair(Func<string, CancellationToken, Task<string>>? right = null, Action<ReadOnlyMemory<byte>>? onNotify = null)
        {
            (_leftEnd, RightEnd) = MemoryTransport.CreatePair();
            Left = new RpcPeer(_leftEnd, new Handler((_, _) => Task.FromResult("null")));
            var peer = new RpcPeer(RightEnd, new Handler(right ?? ((_, _) => Task.FromResult("null")), onNotify));
            _runs = Task.WhenAll(Left.RunAsync(CancellationToken.None), peer.RunAsync(CancellationToken.None));
        }

        public RpcPeer Left { get; }

        public MemoryTransport RightEnd { get; }

        public async ValueTask DisposeAsync()
        {
            await _leftEnd.DisposeAsync();
            await RightEnd.DisposeAsync();
            await _runs;
        }
    }
}
