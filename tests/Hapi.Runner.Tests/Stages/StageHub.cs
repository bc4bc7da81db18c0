using System.Globalization;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Rpc;
using Hapi.TestKit;
using Microsoft.AspNetCore.Http;

namespace Hapi.Runner.Tests.Stages;

/// <summary>The hub's side of runners' and couriers' links, on a real WebSocket: applies facts once and in order, and acknowledges them.</summary>
internal sealed class StageHub : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Owner, long Generation), long> _through = [];
    private readonly List<HubFact> _facts = [];
    private readonly List<HelloRequest> _hellos = [];
    private readonly List<JsonElement> _live = [];
    private readonly List<WebSocketTransport> _links = [];
    private LoopbackServer? _server;
    private RpcPeer? _runner;
    private int _port;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>What to answer to a request for reopening; without it the link is cut instead.</summary>
    public ReopenInterruptedResult? Reopens { get; set; }

    public int ReopenRequests { get; private set; }

    public IReadOnlyList<HubFact> Facts => Locked(() => _facts.ToList());

    public IReadOnlyList<HelloRequest> Hellos => Locked(() => _hellos.ToList());

    public IReadOnlyList<JsonElement> Live => Locked(() => _live.ToList());

    public IEnumerable<HubFact> Of(string kind, string? sessionId = null) =>
        Facts.Where(f => f.Kind == kind && (sessionId is null || f.Owner == sessionId || (f.Body.TryGetProperty("sessionId", out var id) && id.GetString() == sessionId)));

    public Task HasAsync(string kind, string? sessionId = null) =>
        Eventually.TrueAsync(() => Of(kind, sessionId).Any(), $"{kind} of {sessionId} among {string.Join(", ", Facts.Select(f => $"{f.Owner[..4]}:{f.Kind}"))}", TestContext.Current.CancellationToken);

    public async Task StartAsync()
    {
        _server = await LoopbackServer.StartAsync(ServeAsync, _port, TestContext.Current.CancellationToken);
        _port = _server.Url.Port;
    }

    /// <summary>A port that nobody serves until the hub is started.</summary>
    public async Task ReserveAsync()
    {
        await StartAsync();
        await DieAsync();
    }

    /// <summary>Dies without a word; what it has applied stays.</summary>
    public async Task DieAsync()
    {
        Cut();
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>Another hub, or an old copy of its data, in its place.</summary>
    public void Forget() => Locked(() =>
    {
        _through.Clear();
        return true;
    });

    public void Cut() => Locked(() =>
    {
        _links.ForEach(l => l.Abort());
        _links.Clear();
        return true;
    });

    public async Task<JsonElement> CallAsync(string machineId, string name, string args) => await _runner!.RequestAsync(name,
        JsonSerializer.SerializeToUtf8Bytes(new CallRequest(machineId, 30_000, RawJson.Parse(args)), LinkJson.Default.CallRequest), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Cut();
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Bearer token")
        {
            context.Response.StatusCode = 401;
            return;
        }

        var transport = new WebSocketTransport(await context.WebSockets.AcceptWebSocketAsync(), LinkLimits.MaxFrameBytes);
        var link = new Link(this, transport);
        Locked(() =>
        {
            _links.Add(transport);
            return true;
        });
        await link.Peer.RunAsync(context.RequestAborted);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private sealed class Link : IRpcHandler
    {
        private readonly StageHub _hub;
        private readonly WebSocketTransport _transport;

        public Link(StageHub hub, WebSocketTransport transport)
        {
            (_hub, _transport) = (hub, transport);
            Peer = new RpcPeer(transport, this);
        }

        public RpcPeer Peer { get; }

        public async ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
        {
            if (method is LinkMethods.Live)
            {
                var live = JsonElement.Parse(parameters.Span);
                _hub.Locked(() =>
                {
                    _hub._live.Add(live);
                    return true;
                });
            }

            if (method is not LinkMethods.Append)
            {
                return;
            }

            var batch = JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.AppendBatch)!;
            _hub.Locked(() =>
            {
                var through = _hub._through.GetValueOrDefault((batch.Owner, batch.Generation));
                for (var i = 0; i < batch.Facts.Count; i++)
                {
                    if (batch.First + i == through + 1)
                    {
                        var body = batch.Facts[i].ToElement();
                        _hub._facts.Add(new(batch.Owner, batch.Generation, body.GetProperty("kind").GetString()!, body));
                        _hub._through[(batch.Owner, batch.Generation)] = ++through;
                    }
                }

                return true;
            });
            try
            {
                var ack = new AckNotice(batch.Owner, batch.Generation, batch.First + batch.Facts.Count - 1);
                await Peer.NotifyAsync(LinkMethods.Ack, ack, LinkJson.Default.AckNotice, CancellationToken.None);
            }
            catch (RpcClosedException)
            {
                // It was cut while it acknowledged.
            }
        }

        public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Task.FromResult<ReadOnlyMemory<byte>>(method switch
        {
            LinkMethods.Hello => JsonSerializer.SerializeToUtf8Bytes(Greet(parameters.Deserialize(LinkJson.Default.HelloRequest)!), LinkJson.Default.HelloResult),
            LinkMethods.ReopenInterrupted => Reopen(),
            _ => "{}"u8.ToArray(),
        });

        private byte[] Reopen()
        {
            _hub.ReopenRequests++;
            if (_hub.Reopens is { } result)
            {
                return JsonSerializer.SerializeToUtf8Bytes(result, LinkJson.Default.ReopenInterruptedResult);
            }

            _transport.Abort();
            return "{}"u8.ToArray();
        }

        private HelloResult Greet(HelloRequest hello) => _hub.Locked(() =>
        {
            _hub._hellos.Add(hello);
            if (hello.Role is LinkRoles.Runner)
            {
                _hub._runner = Peer;
            }

            var owner = hello.MachineId ?? hello.SessionId!;
            return new HelloResult(1, _hub._through.GetValueOrDefault((owner, hello.Generation)), new HubIdentity("test", "1"), 0,
                hello.Older?.ToDictionary(g => g.ToString(CultureInfo.InvariantCulture), g => _hub._through.GetValueOrDefault((owner, g))));
        });
    }
}

internal sealed record HubFact(string Owner, long Generation, string Kind, JsonElement Body);
