using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Hapi.Bench.Hubs;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Rpc;

namespace Hapi.Bench.Clients;

/// <summary>A session process's side of the link, without an agent and without an outbox: it costs the machine as little as can be.</summary>
internal sealed class LinkSession : IRpcHandler, IAsyncDisposable
{
    // As many as the product has in flight.
    private const long MaxInFlight = 16 * LinkLimits.MaxFactsPerFrame;
    private static readonly byte[] s_answer = """{"success":true,"stdout":"# branch.head main\n1 .M N... 100644 100644 100644 1 2 src/main.ts\n","stderr":"","exitCode":0}"""u8.ToArray();
    private static readonly byte[] s_empty = "{}"u8.ToArray();
    private readonly ClientWebSocket _socket = new();
    private readonly WebSocketTransport _transport;
    private readonly RpcPeer _peer;
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent, _through;

    private LinkSession(string id)
    {
        Id = id;
        _transport = new WebSocketTransport(_socket, LinkLimits.MaxFrameBytes);
        _peer = new RpcPeer(_transport, this);
    }

    public string Id { get; }

    /// <summary>Hears each command the hub delivers, on the reader of the link.</summary>
    public Action<Command>? OnCommand { get; set; }

    /// <summary>When this side has sent something last.</summary>
    public long LastSent { get; private set; }

    /// <summary>Connects and opens a new session; the hub has stored it.</summary>
    public static async Task<LinkSession> OpenAsync(HubProcess hub, CancellationToken cancellationToken)
    {
        var session = new LinkSession(Guid.NewGuid().ToString());
        session._socket.Options.SetRequestHeader("Authorization", $"Bearer {hub.Token}");
        session._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        session._socket.Options.Proxy = null;
        await session._socket.ConnectAsync(new UriBuilder(hub.Address) { Scheme = "ws", Path = "/link" }.Uri, cancellationToken);
        session._reading = session._peer.RunAsync(CancellationToken.None);
        await session._peer.RequestAsync(LinkMethods.Hello, new HelloRequest(LinkMethods.Protocol, "session", session.Id, null, 1, new("bench")),
            LinkJson.Default.HelloRequest, LinkJson.Default.HelloResult, cancellationToken);
        await session.SendAsync([Facts.Opened("/projects/" + session.Id[..8])], cancellationToken);
        await session.AcknowledgedAsync(cancellationToken);
        await session.PresentAsync(cancellationToken);
        return session;
    }

    public static async Task<IReadOnlyList<LinkSession>> OpenAsync(HubProcess hub, int count, CancellationToken cancellationToken)
    {
        var sessions = new List<LinkSession>();
        foreach (var some in Enumerable.Range(0, count).Chunk(16))
        {
            sessions.AddRange(await Task.WhenAll(some.Select(_ => OpenAsync(hub, cancellationToken))));
        }

        return sessions;
    }

    public ValueTask SendAsync(IReadOnlyList<Fact> facts, CancellationToken cancellationToken) => SendAsync(Frame(_sent + 1, facts), facts.Count, cancellationToken);

    /// <summary>
    /// The next messages, in frames as the product sends them, made beforehand so that the clock sees the hub and not their making.
    /// They are poured before anything else is sent.
    /// </summary>
    public IReadOnlyList<(byte[] Frame, int Facts)> Prepare(int messages)
    {
        var frames = new List<(byte[], int)>();
        foreach (var some in Enumerable.Range(0, messages).Chunk(LinkLimits.MaxFactsPerFrame))
        {
            frames.Add((Frame(_sent + 1 + some[0], [.. some.Select(Fact (n) => Facts.Message(n))]), some.Length));
        }

        return frames;
    }

    /// <summary>Sends prepared frames as fast as the hub acknowledges, and completes when it has acknowledged all.</summary>
    public async Task PourAsync(IReadOnlyList<(byte[] Frame, int Facts)> frames, CancellationToken cancellationToken)
    {
        foreach (var (frame, facts) in frames)
        {
            await AcknowledgedAsync(_sent + facts - MaxInFlight, cancellationToken);
            await SendAsync(frame, facts, cancellationToken);
        }

        await AcknowledgedAsync(cancellationToken);
    }

    /// <summary>Completes when the hub has acknowledged everything sent so far.</summary>
    public Task AcknowledgedAsync(CancellationToken cancellationToken) => AcknowledgedAsync(_sent, cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken)
    {
        LastSent = Stopwatch.GetTimestamp();
        return _peer.RequestAsync(LinkMethods.Ping, s_empty, cancellationToken);
    }

    public ValueTask PresentAsync(CancellationToken cancellationToken)
    {
        LastSent = Stopwatch.GetTimestamp();
        return _peer.NotifyAsync(LinkMethods.Live, new LiveUpdate(Id, new Presence(Thinking: false)), LinkJson.Default.LiveUpdate, cancellationToken);
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case LinkMethods.Ack:
                Acknowledge(JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.AckNotice)!.Through);
                break;
            case LinkMethods.Deliver when OnCommand is { } hear:
                foreach (var command in JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.DeliverBatch)!.Commands)
                {
                    hear(command);
                }

                break;
        }

        return default;
    }

    public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        LastSent = Stopwatch.GetTimestamp();
        return Task.FromResult<ReadOnlyMemory<byte>>(method is LinkMethods.Ping ? s_empty : s_answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.CloseAsync(WebSocketCloseStatus.NormalClosure, null);
        await _reading.WaitAsync(TimeSpan.FromSeconds(2)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _transport.DisposeAsync();
        _socket.Dispose();
    }

    private byte[] Frame(long first, IReadOnlyList<Fact> facts) => JsonSerializer.SerializeToUtf8Bytes(
        new AppendBatch(Id, 1, first, [.. facts.Select(f => new RawJson(FactWriter.Write(f)))]), LinkJson.Default.AppendBatch);

    private async ValueTask SendAsync(byte[] frame, int facts, CancellationToken cancellationToken)
    {
        _sent += facts;
        LastSent = Stopwatch.GetTimestamp();
        await _peer.NotifyAsync(LinkMethods.Append, frame, cancellationToken);
    }

    private async Task AcknowledgedAsync(long number, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _through) < number)
        {
            Task next;
            lock (_gate)
            {
                next = _through >= number ? Task.CompletedTask : _acknowledged.Task;
            }

            if (await Task.WhenAny(next, _reading).WaitAsync(cancellationToken) == _reading)
            {
                throw new IOException($"The link of the bench has ended: {_socket.CloseStatusDescription}");
            }
        }
    }

    private void Acknowledge(long through)
    {
        lock (_gate)
        {
            _through = Math.Max(_through, through); // one that was sent before may come after
            (var done, _acknowledged) = (_acknowledged, new(TaskCreationOptions.RunContinuationsAsynchronously));
            done.SetResult();
        }
    }
}
