using System.Globalization;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Rpc;
using Hapi.TestKit;
using Microsoft.AspNetCore.Http;

namespace Hapi.Link.Tests;

/// <summary>The hub's side of the link on a real WebSocket: applies facts once and in order, acknowledges them, and remembers across its own restarts.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _through = [];
    private readonly List<(long Generation, string Text)> _applied = [];
    private readonly List<HelloRequest> _hellos = [];
    private readonly List<LiveUpdate> _live = [];
    private readonly List<int> _frames = [];
    private LoopbackServer? _server;
    private WebSocketTransport? _transport;
    private RpcPeer? _peer;
    private int _port;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>Whether it says what it has applied.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Whether it answers and sends pings.</summary>
    public bool Breathes { get; set; } = true;

    /// <summary>Refuses the hello with this.</summary>
    public RpcException? Refusal { get; set; }

    /// <summary>Refuses the upgrade with this status.</summary>
    public int Status { get; set; }

    /// <summary>Facts that did not follow what it had.</summary>
    public int Gaps { get; private set; }

    public IReadOnlyList<(long Generation, string Text)> Applied => Locked(() => _applied.ToList());

    public IReadOnlyList<HelloRequest> Hellos => Locked(() => _hellos.ToList());

    public IReadOnlyList<LiveUpdate> Live => Locked(() => _live.ToList());

    public int LargestFrame => Locked(() => _frames.DefaultIfEmpty().Max());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _server = await LoopbackServer.StartAsync(ServeAsync, _port, cancellationToken);
        _port = _server.Url.Port;
    }

    /// <summary>Dies without a word; what it has applied stays.</summary>
    public async Task DieAsync()
    {
        Cut();
        await _server!.DisposeAsync();
    }

    public void Cut() => _transport?.Abort();

    /// <summary>Another hub, or an old copy of its data, in its place.</summary>
    public void Forget() => Locked(() =>
    {
        _through.Clear();
        return true;
    });

    public Task DeliverAsync(params Command[] commands) =>
        _peer!.NotifyAsync(LinkMethods.Deliver, new DeliverBatch(Samples.SessionId, commands), LinkJson.Default.DeliverBatch, CancellationToken.None).AsTask();

    public Task NotifyAsync(string method, string json) => _peer!.NotifyAsync(method, System.Text.Encoding.UTF8.GetBytes(json), CancellationToken.None).AsTask();

    public Task<JsonElement> CallAsync(string method, string args, CancellationToken cancellationToken) => _peer!.RequestAsync(method,
        JsonSerializer.SerializeToUtf8Bytes(new CallRequest(Samples.SessionId, 5000, RawJson.Parse(args)), LinkJson.Default.CallRequest), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _server!.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (Status != 0 || context.Request.Path != "/link" || context.Request.Headers.Authorization != "Bearer token")
        {
            context.Response.StatusCode = Status == 0 ? 404 : Status;
            return;
        }

        _transport = new WebSocketTransport(await context.WebSockets.AcceptWebSocketAsync(), LinkLimits.MaxFrameBytes);
        _peer = new RpcPeer(_transport, new Handler(this));
        await _peer.RunAsync(context.RequestAborted);
    }

    private HelloResult Greet(HelloRequest hello)
    {
        lock (_gate)
        {
            _hellos.Add(hello);
            return Refusal is { } no ? throw no : new HelloResult(1, _through.GetValueOrDefault(hello.Generation), new HubIdentity("test", "1"), 0,
                hello.Older?.ToDictionary(g => g.ToString(CultureInfo.InvariantCulture), g => _through.GetValueOrDefault(g)));
        }
    }

    private async ValueTask AppendAsync(AppendBatch batch, int bytes)
    {
        lock (_gate)
        {
            _frames.Add(bytes);
            var through = _through.GetValueOrDefault(batch.Generation);
            if (batch.First > through + 1)
            {
                Gaps++;
                return;
            }

            foreach (var fact in batch.Facts.Skip((int)(through + 1 - batch.First)))
            {
                _applied.Add((batch.Generation, Samples.TextOf(fact)));
                _through[batch.Generation] = ++through;
            }
        }

        if (Acknowledges)
        {
            var ack = new AckNotice(batch.Owner, batch.Generation, batch.First + batch.Facts.Count - 1);
            await _peer!.NotifyAsync(LinkMethods.Ack, ack, LinkJson.Default.AckNotice, CancellationToken.None);
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private sealed class Handler(TestHub hub) : IRpcHandler
    {
        public async ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
        {
            try
            {
                if (method is LinkMethods.Append)
                {
                    await hub.AppendAsync(JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.AppendBatch)!, parameters.Length);
                }
                else if (method is LinkMethods.Live)
                {
                    hub.Locked(() =>
                    {
                        hub._live.Add(JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.LiveUpdate)!);
                        return true;
                    });
                }
            }
            catch (RpcClosedException)
            {
                // It was cut while it acknowledged.
            }
        }

        public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
        {
            if (method is LinkMethods.Ping)
            {
                if (!hub.Breathes)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                }

                return "{}"u8.ToArray();
            }

            return JsonSerializer.SerializeToUtf8Bytes(hub.Greet(parameters.Deserialize(LinkJson.Default.HelloRequest)!), LinkJson.Default.HelloResult);
        }
    }
}
