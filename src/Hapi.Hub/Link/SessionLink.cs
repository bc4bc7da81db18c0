using System.Net.WebSockets;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>One process's link, from its hello to its end.</summary>
internal sealed partial class SessionLink(
    WebSocketTransport transport, string @namespace, LinkServices services, ILogger<SessionLink> logger) : IRpcHandler, ISessionLink
{
    private const string LinkClosed = "The link is closed.";
    private readonly System.Threading.Channels.Channel<bool> _wake =
        System.Threading.Channels.Channel.CreateBounded<bool>(new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite });

    private RpcPeer? _peer;
    private string? _sessionId;
    private long _generation, _received;
    private long _lastReceived = services.Time.GetTimestamp(), _lastSent = services.Time.GetTimestamp();
    private readonly Dictionary<long, long> _olderReceived = [];

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Serves the link until it ends, whoever ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var peer = _peer = new RpcPeer(transport, this);
        var watching = WatchAsync(ended.Token);
        var delivering = DeliverAsync(ended.Token);
        try
        {
            await peer.RunAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            await transport.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The hub is stopping.");
        }
        finally
        {
            await ended.CancelAsync();
            transport.Abort();
            await Task.WhenAll(watching, delivering);
            Leave();
        }
    }

    public async ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastReceived, services.Time.GetTimestamp());
        try
        {
            switch (method)
            {
                case LinkMethods.Append when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.AppendBatch) is { } batch:
                    await AppendAsync(batch);
                    break;
                case LinkMethods.Live when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.LiveUpdate) is { } update:
                    ShowLive(update);
                    break;
            }
        }
        catch (JsonException)
        {
            LogMalformed(method, _sessionId);
            await transport.CloseAsync((WebSocketCloseStatus)LinkMethods.CloseOutOfOrder, $"A malformed {method}.");
        }
    }

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastReceived, services.Time.GetTimestamp());
        switch (method)
        {
            case LinkMethods.Ping:
                return "{}"u8.ToArray();
            case LinkMethods.Hello:
                HelloRequest? hello;
                try
                {
                    hello = parameters.Deserialize(LinkJson.Default.HelloRequest);
                }
                catch (JsonException)
                {
                    throw new RpcException(RpcException.InvalidParams, "The hello is malformed.", "invalid_hello");
                }

                return JsonSerializer.SerializeToUtf8Bytes(await GreetAsync(hello, cancellationToken), LinkJson.Default.HelloResult);
            default:
                throw new RpcException(RpcException.MethodNotFound, $"The hub does not serve {method}.");
        }
    }

    public async Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(deadline);
        var request = new CallRequest(_sessionId!, (int)deadline.TotalMilliseconds, args);
        var answer = await (_peer ?? throw new RpcClosedException(LinkClosed)).RequestAsync(name, JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.CallRequest), patience.Token);
        return JsonObjects.Raw(answer.GetRawText());
    }

    private async Task<HelloResult> GreetAsync(HelloRequest? hello, CancellationToken cancellationToken)
    {
        if (hello is not { Role: "session", SessionId.Length: > 0 and <= 100, Generation: > 0 } || _sessionId is not null)
        {
            throw new RpcException(RpcException.InvalidParams, "A hello needs the role \"session\", a session id and a generation, once.", "invalid_hello");
        }

        if (hello.Protocol != LinkMethods.Protocol)
        {
            throw new RpcException(RpcException.InvalidParams, $"This hub speaks protocol {LinkMethods.Protocol}. Update the older side.", "protocol_not_supported");
        }

        var (row, through, older, open) = await services.Reader.ReadAsync(sql => (
            SessionRows.Find(sql, hello.SessionId),
            SessionRows.Through(sql, hello.SessionId, hello.Generation),
            (hello.Older ?? []).ToDictionary(g => g, g => SessionRows.Through(sql, hello.SessionId, g)),
            CommandRows.Open(sql, hello.SessionId).Count), cancellationToken);
        if (row is not null && row.Namespace != @namespace)
        {
            throw new RpcException(-32000, "This session belongs to another namespace.", "access-denied");
        }

        if (row is not null && hello.Generation < row.Generation)
        {
            throw new RpcException(-32000, "A newer process runs this session.", "superseded");
        }

        (_sessionId, _generation, _received) = (hello.SessionId, hello.Generation, through);
        foreach (var (generation, n) in older)
        {
            _olderReceived[generation] = n;
        }

        if (row is not null)
        {
            Join();
        }

        return new HelloResult(LinkMethods.Protocol, through, new HubIdentity(services.Log.StoreId, services.Version), open,
            older.Count == 0 ? null : older.ToDictionary(o => o.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), o => o.Value));
    }

    // From now on this link is the session's; an older one is cut.
    private void Join()
    {
        ISessionLink? before = null;
        var now = services.Now;
        services.Live.Change(_sessionId!, old =>
        {
            before = old.Link;
            return old with { Link = this, Since = now, SeenAt = now };
        });
        if (before is SessionLink other && other != this)
        {
            other.Cut();
        }

        services.PublishPresence(@namespace, _sessionId!);
        Wake();
    }

    private void Leave()
    {
        if (_sessionId is null)
        {
            return;
        }

        var mine = false;
        services.Live.Change(_sessionId, old =>
        {
            mine = old.Link == this;
            return mine ? old with { Link = null, Presence = null, Since = services.Now } : old;
        });
        if (mine)
        {
            services.PublishPresence(@namespace, _sessionId);
        }
    }

    private void Cut() => transport.Abort();

    private async Task AppendAsync(AppendBatch batch)
    {
        if (_sessionId is null || batch.SessionId != _sessionId || batch.Facts is null || batch.Facts.Count > LinkLimits.MaxFactsPerFrame || !Follows(batch))
        {
            LogOutOfOrder(_sessionId, batch.Generation, batch.First);
            await transport.CloseAsync((WebSocketCloseStatus)LinkMethods.CloseOutOfOrder, "Facts must follow each other. Say hello again.");
            return;
        }

        var read = batch.Facts.Select(FactReader.Read).ToList();
        var last = batch.First + batch.Facts.Count - 1;
        Received(batch.Generation, last);
        var applied = services.Writer.WriteAsync(scope => Apply(scope, batch, read), CancellationToken.None);
        // The reader goes on: several frames may be in flight, and the writer keeps their order.
        _ = AcknowledgeAsync(applied, batch.Generation, last);
    }

    private bool Follows(AppendBatch batch) => batch.First > 0 && (batch.Generation == _generation
        ? batch.First <= _received + 1
        : _olderReceived.TryGetValue(batch.Generation, out var older) && batch.First <= older + 1);

    private void Received(long generation, long last)
    {
        if (generation == _generation)
        {
            _received = Math.Max(_received, last);
        }
        else
        {
            _olderReceived[generation] = Math.Max(_olderReceived[generation], last);
        }
    }

    private List<RefuseNotice> Apply(WriteScope scope, AppendBatch batch, List<(Fact? Fact, string? Code, string? Reason)> read)
    {
        var through = SessionRows.Through(scope.Sql, batch.SessionId, batch.Generation);
        var refused = new List<RefuseNotice>();
        SessionEdit? edit = SessionRows.Find(scope.Sql, batch.SessionId) is { } row ? new SessionEdit(scope, row, services.Live) : null;
        if (edit is not null && edit.Row.Namespace != @namespace)
        {
            throw new InvalidOperationException("The session changed hands.");
        }

        for (var i = 0; i < read.Count; i++)
        {
            var n = batch.First + i;
            if (n <= through)
            {
                continue; // it came before
            }

            var (fact, code, reason) = read[i];
            if (fact is SessionOpened opened && edit is null)
            {
                edit = services.Create(scope, batch.SessionId, @namespace, opened);
            }

            if (fact is SessionOpened { Machine: var machine } && !LinkServices.Register(scope, @namespace, machine))
            {
                (fact, code, reason) = (null, "machine_denied", "This machine belongs to another namespace.");
            }

            if (fact is null || edit is null)
            {
                refused.Add(new RefuseNotice(batch.SessionId, batch.Generation, n, code ?? "session_not_opened", reason ?? "The first fact of a session opens it."));
                continue;
            }

            new FactApplier(edit, batch.Generation).Apply(fact);
            if (fact is SessionOpened)
            {
                scope.AfterCommit.Add(Join);
            }
        }

        edit?.Save();
        SessionRows.SetThrough(scope.Sql, batch.SessionId, batch.Generation, Math.Max(through, batch.First + batch.Facts.Count - 1));
        return refused;
    }

    private async Task AcknowledgeAsync(Task<List<RefuseNotice>> applied, long generation, long last)
    {
        try
        {
            foreach (var refusal in await applied)
            {
                LogRefused(refusal.SessionId, refusal.Generation, refusal.N, refusal.Code);
                await SendAsync(LinkMethods.Refuse, refusal, LinkJson.Default.RefuseNotice);
            }

            await SendAsync(LinkMethods.Ack, new AckNotice(_sessionId!, generation, last), LinkJson.Default.AckNotice);
        }
        catch (RpcClosedException)
        {
            // The process asks at its next hello how far it got.
        }
        catch (Exception ex)
        {
            LogNotApplied(ex, _sessionId);
            Cut(); // nothing was applied; the process sends it again
        }
    }

    private void ShowLive(LiveUpdate update)
    {
        if (_sessionId is null || update.SessionId != _sessionId || services.Live.Of(_sessionId).Link != this)
        {
            return;
        }

        services.Live.Change(_sessionId, old => old with
        {
            Presence = update.Presence ?? old.Presence,
            Streams = update.Streams ?? old.Streams,
            Fault = update.Presence is null ? old.Fault : update.Fault,
            SeenAt = services.Now,
        });
        if (update.Presence is not null)
        {
            services.PublishPresence(@namespace, _sessionId);
        }

        if (update.Streams is { } streams)
        {
            services.Publish(@namespace, _sessionId, new MessageLive(_sessionId, @namespace, streams), HubJson.Default.MessageLive);
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            while (await _wake.Reader.WaitToReadAsync(cancellationToken))
            {
                _wake.Reader.TryRead(out _);
                var open = await services.Reader.ReadAsync(sql => CommandRows.Open(sql, _sessionId!), cancellationToken);
                var fresh = open.Where(c => sent.Add(c.Command.Id)).ToList();
                foreach (var frame in fresh.Chunk(16))
                {
                    await SendAsync(LinkMethods.Deliver, new DeliverBatch(_sessionId!, [.. frame.Select(c => c.Command)]), LinkJson.Default.DeliverBatch);
                }

                if (fresh.Exists(c => c.State is "stored"))
                {
                    await services.MarkSentAsync(_sessionId!, [.. fresh.Where(c => c.State is "stored")]);
                }
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or RpcClosedException or HubStoppingException)
        {
            // They are sent again on the next link.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (services.Time.GetElapsedTime(Volatile.Read(ref _lastReceived)) >= LinkLimits.SilenceEndsLink)
                {
                    Cut();
                }
                else if (services.Time.GetElapsedTime(Volatile.Read(ref _lastSent)) >= LinkLimits.PingAfter)
                {
                    Volatile.Write(ref _lastSent, services.Time.GetTimestamp());
                    _ = PingAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _peer!.RequestAsync(LinkMethods.Ping, "{}"u8.ToArray(), cancellationToken);
            Volatile.Write(ref _lastReceived, services.Time.GetTimestamp());
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException)
        {
            // The silence is what counts.
        }
    }

    private async ValueTask SendAsync<T>(string method, T parameters, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        await _peer!.NotifyAsync(method, parameters, type, CancellationToken.None);
        Volatile.Write(ref _lastSent, services.Time.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId}: fact {Generation}/{N} was refused: {Code}.")]
    private partial void LogRefused(string sessionId, long generation, long n, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId}: facts {Generation}/{First} do not follow; the link is closed.")]
    private partial void LogOutOfOrder(string? sessionId, long generation, long first);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A malformed {Method} from session {SessionId}; the link is closed.")]
    private partial void LogMalformed(string method, string? sessionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Facts of session {SessionId} could not be applied.")]
    private partial void LogNotApplied(Exception exception, string? sessionId);
}
