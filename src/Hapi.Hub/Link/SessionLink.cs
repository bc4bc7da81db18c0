using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Hub.Auth;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>One process's link, from its hello to its end: what arrives, and in which order. What facts do, what is delivered and what is shown live are others'.</summary>
internal sealed partial class SessionLink(WebSocketTransport socket, WatchedTransport transport, Identity who, LinkServices services, ILogger<SessionLink> logger) : IRpcHandler, ISessionLink
{
    private const int Refused = -32000;
    private const int MaxOlder = 1000;
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);
    private readonly Dictionary<long, long> _received = [];
    private RpcPeer? _peer;
    private CommandDelivery? _delivery;
    private LiveIntake? _live;
    private Acknowledgements? _acknowledgements;
    private Task _acknowledging = Task.CompletedTask;
    private string? _sessionId, _machineId;
    private long _generation;
    private int _greeted;
    private bool _joinable, _ending;

    public string? DeviceId => who.DeviceId;

    public string? SessionId => _sessionId;

    /// <summary>Serves the link until it ends, whoever ends it. It never faults.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _peer = new RpcPeer(transport, this, new RpcPeerOptions(MaxDepth: AppendFrame.MaxDepth));
        _delivery = new CommandDelivery(this, services);
        services.Links.Add(this);
        var delivering = _delivery.RunAsync(ended.Token);
        // Cancelling a read breaks the connection: the goodbye comes first, and the process answers it.
        await using var stopping = cancellationToken.Register(() => _ = SayGoodbyeAsync());
        try
        {
            await _peer.RunAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The process has gone without a word.
        }
        catch (Exception ex)
        {
            LogBroken(ex, _sessionId);
        }
        finally
        {
            services.Links.Remove(this);
            await ended.CancelAsync();
            await delivering;
            _acknowledgements?.Complete();
            await _acknowledging;
            await LeaveAsync();
        }
    }

    /// <summary>Cuts the connection without a word: the process comes again.</summary>
    public void Cut() => socket.Abort();

    public void Wake() => _delivery?.Wake(_sessionId!);

    /// <summary>Pings when nothing was sent for a while, and ends a link that has been silent for too long.</summary>
    public void Watch()
    {
        if (transport.SinceReceived >= LinkLimits.SilenceEndsLink)
        {
            LogSilent(_sessionId);
            Cut();
        }
        else if (transport.SinceSent >= LinkLimits.PingAfter)
        {
            _ = PingAsync();
        }
    }

    public async ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        try
        {
            switch (method)
            {
                case var _ when _ending:
                    break; // the process has not read our goodbye yet
                case LinkMethods.Append:
                    await AppendAsync(AppendFrame.Read(parameters.Span));
                    break;
                case LinkMethods.Live when JsonSerializer.Deserialize(parameters.Span, LinkJson.Default.LiveUpdate) is { } update && update.SessionId == _sessionId:
                    _live?.Show(update);
                    break;
            }
        }
        catch (JsonException)
        {
            LogMalformed(method, _sessionId);
            await EndAsync("A malformed message.");
        }
    }

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
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

    // The answer to hello comes before everything else.
    public void Answered(string method)
    {
        if (method is LinkMethods.Hello && _joinable)
        {
            _joinable = false;
            Join(_machineId);
        }
    }

    public async Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(deadline);
        var request = new CallRequest(_sessionId!, (int)deadline.TotalMilliseconds, args);
        var answer = await _peer!.RequestAsync(name, JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.CallRequest), patience.Token);
        return new RawJson(JsonMarshal.GetRawUtf8Value(answer).ToArray());
    }

    public ValueTask SendAsync<T>(string method, T parameters, JsonTypeInfo<T> type) => _peer!.NotifyAsync(method, parameters, type, CancellationToken.None);

    private async Task<HelloResult> GreetAsync(HelloRequest? hello, CancellationToken cancellationToken)
    {
        if (hello is not { Role: "session", SessionId: { Length: > 0 and <= 100 } id, Generation: > 0 } || id.Any(c => c is <= ' ' or > '~')
            || (hello.Older is { } named && (named.Count > MaxOlder || named.Any(g => g <= 0 || g >= hello.Generation))))
        {
            throw new RpcException(RpcException.InvalidParams, "A hello needs the role \"session\", a session id and a generation.", "invalid_hello");
        }

        if (hello.Protocol != LinkMethods.Protocol)
        {
            throw new RpcException(RpcException.InvalidParams, $"This hub speaks protocol {LinkMethods.Protocol}. Update the older side.", "protocol_not_supported");
        }

        var (row, through, older, open) = await services.Reader.ReadAsync(sql => (
            SessionRows.Find(sql, id),
            SessionRows.Through(sql, id, hello.Generation),
            (hello.Older ?? []).Distinct().ToDictionary(g => g, g => SessionRows.Through(sql, id, g)),
            CommandRows.Open(sql, id).Count), cancellationToken);
        if (row is not null && row.Namespace != who.Namespace)
        {
            throw new RpcException(Refused, "This session belongs to another namespace.", "access-denied");
        }

        if (row is not null && hello.Generation < row.Generation)
        {
            throw new RpcException(Refused, "A newer process runs this session.", "superseded");
        }

        if (Interlocked.Exchange(ref _greeted, 1) != 0)
        {
            throw new RpcException(RpcException.InvalidParams, "A link has one hello.", "invalid_hello");
        }

        (_sessionId, _generation, _machineId) = (id, hello.Generation, row?.MachineId);
        _received[hello.Generation] = through;
        foreach (var (generation, n) in older)
        {
            _received[generation] = n;
        }

        _live = new LiveIntake(id, who.Namespace, this, services);
        _acknowledgements = new Acknowledgements(this, _live, logger);
        _acknowledging = _acknowledgements.RunAsync();
        _joinable = row is not null;
        return new HelloResult(LinkMethods.Protocol, through, new HubIdentity(services.Ids.StoreId, LinkServices.Version), open,
            older.Count == 0 ? null : older.ToDictionary(o => o.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), o => o.Value));
    }

    // From now on this link is the session's; an older one is cut.
    public void Join(string? machineId)
    {
        ISessionLink? before = null;
        var now = services.Now;
        services.Live.Change(_sessionId!, old =>
        {
            before = old.Link;
            return old.Link == this ? old : old with { Link = this, Presence = null, Streams = [], Fault = null, Since = now, SeenAt = now };
        });
        if (before is SessionLink other && other != this)
        {
            other.Cut();
        }

        if (before != this)
        {
            _machineId = machineId ?? _machineId;
            if (_machineId is { } machine)
            {
                _ = services.Machines.JoinAsync(machine);
            }

            _live!.Announce();
        }

        Wake();
    }

    private async Task LeaveAsync()
    {
        if (_sessionId is null)
        {
            return;
        }

        var (mine, now) = (false, services.Now);
        services.Live.Change(_sessionId, old =>
        {
            mine = old.Link == this;
            return mine ? old with { Link = null, Presence = null, Since = now } : old;
        });
        if (mine)
        {
            _live!.Announce();
        }

        if (_machineId is { } machine)
        {
            await services.Machines.LeaveAsync(machine);
        }
    }

    private async Task AppendAsync(AppendFrame frame)
    {
        if (_sessionId is null || frame.Owner != _sessionId || frame.Facts.Count > LinkLimits.MaxFactsPerFrame
            || frame.First < 1 || !_received.TryGetValue(frame.Generation, out var received) || frame.First > received + 1)
        {
            LogOutOfOrder(_sessionId, frame.Generation, frame.First);
            await EndAsync("Facts must follow each other. Say hello again.");
            return;
        }

        _received[frame.Generation] = Math.Max(received, frame.Last);
        // The reader goes on: several frames may be in flight, and the writer keeps their order.
        _acknowledgements!.Add(services.Intake.ApplyAsync(frame, who.Namespace), frame.Generation);
    }

    private async Task SayGoodbyeAsync()
    {
        _ending = true;
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The hub is stopping.");
        await Task.Delay(s_goodbye, services.Time, CancellationToken.None);
        Cut();
    }

    private Task EndAsync(string reason)
    {
        _ending = true;
        return socket.CloseAsync((WebSocketCloseStatus)LinkMethods.CloseOutOfOrder, reason);
    }

    private async Task PingAsync()
    {
        try
        {
            await _peer!.RequestAsync(LinkMethods.Ping, "{}"u8.ToArray(), new CancellationTokenSource(LinkLimits.SilenceEndsLink).Token);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException)
        {
            // The silence is what counts.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId}: facts {Generation}/{First} do not follow; the link is closed.")]
    private partial void LogOutOfOrder(string? sessionId, long generation, long first);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A malformed {Method} from session {SessionId}; the link is closed.")]
    private partial void LogMalformed(string method, string? sessionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId} has been silent for too long; the link is cut.")]
    private partial void LogSilent(string? sessionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The link of session {SessionId} broke.")]
    private partial void LogBroken(Exception exception, string? sessionId);
}
