using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Rpc;

namespace Hapi.Link;

/// <summary>One connection to the hub, from hello to the end of it.</summary>
internal sealed class LinkConnection : IRpcHandler, IAsyncDisposable
{
    public const string ForgotCode = "hub_forgot";
    private const int MaxAnswerBytes = LinkLimits.MaxFrameBytes - 4096;
    private const int MaxFactsInFlight = 16 * LinkLimits.MaxFactsPerFrame;
    private readonly LinkOptions _options;
    private readonly Outbox _outbox;
    private readonly ILinkHandler _handler;
    private readonly CommandPump _commands;
    private readonly Action<RefuseNotice> _onRefused;
    private readonly LiveBoard _board;
    private readonly AckWatch _acks;
    private readonly TimeProvider _time;
    private readonly WebSocketTransport _transport;
    private readonly WatchedTransport _watched;
    private readonly RpcPeer _peer;
    private readonly Signal _facts = new();
    private readonly Dictionary<long, long> _olderThrough = [];
    private long _through;

    public LinkConnection(
        WebSocket socket, LinkOptions options, Outbox outbox, ILinkHandler handler, CommandPump commands, LiveBoard board, AckWatch acks, Action<RefuseNotice> onRefused, TimeProvider time)
    {
        (_options, _outbox, _handler, _commands, _board, _acks, _onRefused, _time) = (options, outbox, handler, commands, board, acks, onRefused, time);
        _transport = new WebSocketTransport(socket, LinkLimits.MaxFrameBytes);
        _watched = new WatchedTransport(_transport, time);
        _peer = new RpcPeer(_watched, this);
    }

    /// <summary>Says hello and serves the link until it ends. Gives whether the hub had answered the hello.</summary>
    /// <exception cref="RpcException">The hub refused the hello, or has forgotten what it had acknowledged.</exception>
    public async Task<bool> RunAsync(Action onUp, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = _peer.RunAsync(ended.Token);
        var up = false;
        try
        {
            await HelloAsync(cancellationToken);
            up = true;
            onUp();
            _outbox.Committed += _facts.Raise;
            _commands.Failed += _transport.Abort;
            _board.Renew();
            var working = new[] { SendFactsAsync(ended.Token), SendLiveAsync(ended.Token), WatchAsync(ended.Token) };
            await await Task.WhenAny([reading, .. working]);
        }
        catch (Exception ex) when (up && ex is IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            _outbox.Committed -= _facts.Raise;
            _commands.Failed -= _transport.Abort;
            await ended.CancelAsync();
            if (cancellationToken.IsCancellationRequested)
            {
                await _transport.CloseAsync(WebSocketCloseStatus.NormalClosure, null);
            }

            _transport.Abort();
            await reading.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return up;
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case LinkMethods.Ack when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.AckNotice) is { } ack:
                _acks.Set(ack.Generation, ack.Through);
                _facts.Raise();
                break;
            case LinkMethods.Deliver when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.DeliverBatch) is { Commands: { } commands }:
                _commands.Take(commands.Where(c => c is { Id: not null, Kind: not null }));
                break;
            case LinkMethods.Refuse when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.RefuseNotice) is { } refusal:
                _onRefused(refusal);
                break;
        }

        return ValueTask.CompletedTask;
    }

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        if (method is LinkMethods.Ping)
        {
            return "{}"u8.ToArray();
        }

        var call = parameters.Deserialize(LinkJson.Default.CallRequest) ?? throw new RpcException(RpcException.InvalidParams, "A call needs its arguments.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromMilliseconds(Math.Clamp(call.DeadlineMs, 1, 600_000)));
        var answer = await _handler.OnCallAsync(method, call.Args, deadline.Token)
            ?? throw new RpcException(RpcException.MethodNotFound, $"This session does not serve {method}.", "handler-not-registered");
        // A frame over the limit would end the link, and with it what has nothing to do with this call.
        return answer.Utf8.Length <= MaxAnswerBytes ? answer.Utf8 : throw new RpcException(RpcException.InternalError, "The answer is too large for the link.", "answer-too-large");
    }

    /// <summary>Asks the hub.</summary>
    /// <exception cref="RpcException">It refused.</exception>
    /// <exception cref="RpcClosedException">The link ended first.</exception>
    public Task<TResult> AskAsync<TParams, TResult>(string method, TParams parameters, JsonTypeInfo<TParams> write, JsonTypeInfo<TResult> read, CancellationToken cancellationToken) =>
        _peer.RequestAsync(method, parameters, write, read, cancellationToken);

    public void Answered(string method, JsonElement parameters, bool sent)
    {
        if (sent && method is not LinkMethods.Ping && parameters.ValueKind is JsonValueKind.Object && parameters.TryGetProperty("args", out var args))
        {
            _handler.Answered(method, args);
        }
    }

    public async ValueTask DisposeAsync() => await _transport.DisposeAsync();

    private async Task HelloAsync(CancellationToken cancellationToken)
    {
        var (older, runner) = (_outbox.OlderGenerations(), _options.Role is LinkRoles.Runner);
        var hello = new HelloRequest(LinkMethods.Protocol, _options.Role, runner ? null : _options.Owner, runner ? _options.Owner : null, _outbox.Generation, new LinkVersions(_options.Version), older.Count > 0 ? older : null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LinkLimits.SilenceEndsLink);
        var answer = await _peer.RequestAsync(LinkMethods.Hello, hello, LinkJson.Default.HelloRequest, LinkJson.Default.HelloResult, patience.Token);
        if (answer.Through < _acks.Through)
        {
            throw new RpcException(-32000, $"The hub has forgotten what this {_options.Role} told it: it is another hub, or an older copy of its data. Start the {_options.Role} again.", ForgotCode);
        }

        _through = answer.Through;
        _acks.Set(_outbox.Generation, answer.Through);
        foreach (var generation in older)
        {
            var through = answer.OlderThrough?.GetValueOrDefault(generation.ToString(System.Globalization.CultureInfo.InvariantCulture)) ?? 0;
            _olderThrough[generation] = through;
            _acks.Set(generation, through);
        }
    }

    private async Task SendFactsAsync(CancellationToken cancellationToken)
    {
        // What a dead process left comes first, under its own generation: it happened before.
        foreach (var (generation, through) in _olderThrough.OrderBy(o => o.Key))
        {
            for (var after = through; await SendNextAsync(generation, after, cancellationToken) is { } last; after = last)
            {
            }
        }

        while (true)
        {
            while (_through - _acks.Through < MaxFactsInFlight && await SendNextAsync(_outbox.Generation, _through, cancellationToken) is { } last)
            {
                _through = last;
            }

            await _facts.WaitAsync(cancellationToken);
        }
    }

    private async Task<long?> SendNextAsync(long generation, long after, CancellationToken cancellationToken)
    {
        var facts = _outbox.Read(generation, after, LinkLimits.MaxFactsPerFrame, LinkLimits.MaxFactBytes);
        // A gap is in an older generation only, for a hub that has forgotten the rest of it: it could not place what follows, so it stays here.
        if (facts.Count == 0 || facts[0].N != after + 1)
        {
            return null;
        }

        var batch = new AppendBatch(_options.Owner, generation, facts[0].N, [.. facts.Select(f => new RawJson(f.Body))]);
        await _peer.NotifyAsync(LinkMethods.Append, batch, LinkJson.Default.AppendBatch, cancellationToken);
        return facts[^1].N;
    }

    private async Task SendLiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _board.Changed.WaitAsync(cancellationToken);
            var update = _options.Role is LinkRoles.Session ? _board.Take(_options.Owner) : null;
            var health = _options.Role is LinkRoles.Runner ? _board.TakeHealth(_options.Owner) : null;
            if (update is not null)
            {
                await _peer.NotifyAsync(LinkMethods.Live, update, LinkJson.Default.LiveUpdate, cancellationToken);
            }

            if (health is not null)
            {
                await _peer.NotifyAsync(LinkMethods.Live, health, LinkJson.Default.MachineLive, cancellationToken);
            }

            if (update is not null || health is not null)
            {
                await Task.Delay(LinkLimits.LiveAtMostEvery, _time, cancellationToken);
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_watched.SinceReceived >= LinkLimits.SilenceEndsLink)
            {
                throw new RpcClosedException("The hub has been silent for too long.");
            }

            _board.Changed.Raise(); // presence that has grown old goes out again
            if (_watched.SinceSent >= LinkLimits.PingAfter)
            {
                _ = _peer.RequestAsync(LinkMethods.Ping, "{}"u8.ToArray(), cancellationToken).ContinueWith(t => t.Exception, TaskScheduler.Default);
            }
        }
    }
}
