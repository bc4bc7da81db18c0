using System.Net.WebSockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hapi.TestKit;
using Microsoft.AspNetCore.Http;

namespace Hapi.Rpc.Tests;

public sealed class WebSocketTransportTests : IAsyncLifetime
{
    private const int Limit = 100_000;
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClientWebSocket _client = new();
    private LoopbackServer _server = null!;
    private WebSocketTransport _transport = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(AcceptAsync, 0, Token);
        await _client.ConnectAsync(new UriBuilder(_server.Url) { Scheme = "ws" }.Uri, Token);
        _transport = new WebSocketTransport(await _accepted.Task, Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _client.Dispose();
        _end.SetResult();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Any_fragments_give_the_same_messages()
    {
        var messages = new[] { "{}", "{\"é\":\"😀\"}", $"[\"{new string('x', 70_000)}\"]" };
        foreach (var sizes in ArbMap.Default.GeneratorFor<PositiveInt[]>().Sample(12, 20).Select(s => s.Select(n => n.Get * 97).ToArray()))
        {
            foreach (var message in messages)
            {
                await SendInPiecesAsync(Encoding.UTF8.GetBytes(message), sizes);
                Assert.Equal(message, Encoding.UTF8.GetString((await _transport.ReceiveAsync(Token))!.Value.Span));
            }
        }
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_the_connection_with_its_code()
    {
        var receiving = _transport.ReceiveAsync(Token).AsTask();
        await _client.SendAsync(new byte[Limit + 1], WebSocketMessageType.Binary, endOfMessage: false, Token);

        Assert.Null(await receiving);
        var close = await _client.ReceiveAsync(new byte[10], Token);
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.MessageTooBig), (close.MessageType, _client.CloseStatus));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_becomes_a_replacement_character()
    {
        await SendInPiecesAsync("""["\ud83d","\ud83d\ude00"]"""u8.ToArray(), [5]);

        Assert.Equal("""["\ufffd","\ud83d\ude00"]""", Encoding.UTF8.GetString((await _transport.ReceiveAsync(Token))!.Value.Span));
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_arrives()
    {
        var receiving = _transport.ReceiveAsync(Token).AsTask();
        await _client.SendAsync(new byte[Limit], WebSocketMessageType.Binary, endOfMessage: true, Token);

        Assert.Equal(Limit, (await receiving)!.Value.Length);
    }

    [Fact]
    public async Task A_goodbye_and_a_cut_are_both_a_hang_up()
    {
        var receiving = _transport.ReceiveAsync(Token).AsTask();
        _client.Abort();

        Assert.Null(await receiving);
        await Assert.ThrowsAsync<RpcClosedException>(async () => await _transport.SendAsync("{}"u8.ToArray(), Token));
    }

    [Fact]
    public async Task A_goodbye_is_answered()
    {
        var receiving = _transport.ReceiveAsync(Token).AsTask();
        await _client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Token);

        Assert.Null(await receiving);
        Assert.Equal(WebSocketState.Closed, _client.State);
    }

    private async Task AcceptAsync(HttpContext context)
    {
        _accepted.SetResult(await context.WebSockets.AcceptWebSocketAsync());
        await _end.Task;
    }

    private async Task SendInPiecesAsync(byte[] message, int[] sizes)
    {
        var next = 0;
        for (var at = 0; at < message.Length;)
        {
            var size = Math.Min(sizes.Length == 0 ? message.Length : sizes[next++ % sizes.Length], message.Length - at);
            await _client.SendAsync(message.AsMemory(at, size), WebSocketMessageType.Text, endOfMessage: at + size == message.Length, Token);
            at += size;
        }
    }
}
