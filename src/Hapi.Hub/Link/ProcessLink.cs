using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Hub.Auth;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary>One process's link, from its hello to its end: what arrives, and in which order. What facts do and what the role of the process brings is others'.</summary>
internal sealed partial class ProcessLink(WebSocketTransport socket, WatchedTransport transport, Identity who, LinkServices services, ILogger<ProcessLink> logger) : IRpcHandler, IDisposable
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _ended = new();
    private RpcPeer? _peer;
    private Acknowledgements? _acknowledgements;
    private Task _acknowledging = Task.CompletedTask;
    private ILinkRole? _role;
    private Dictionary<long, long> _received = [];
    private int _greeted;
    private bool _beginning, _ending;

    public string? DeviceId => who.DeviceId;

    public string? OwnerId => _role?.Owner.Id;

    /// <summary>Ends with the link.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Serves the link until it ends, whoever ends it. It never faults.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _peer = new RpcPeer(transport, this, new RpcPeerOptions(MaxDepth: AppendFrame.MaxDepth));
        services.Links.Add(this);
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
            LogBroken(ex, OwnerId);
        }
        finally
        {
            services.Links.Remove(this);
            await _ended.CancelAsync();
            _acknowledgements?.Complete();
            await _acknowledging;
            await (_role?.LeaveAsync() ?? Task.CompletedTask);
        }
    }

    /// <summary>Cuts the connection without a word: the process comes again.</summary>
    public void Cut() => socket.Abort();

    /// <summary>Pings when nothing was sent for a while, and ends a link that has been silent for too long.</summary>
    public void Watch()
    {
        if (transport.SinceReceived >= LinkLimits.SilenceEndsLink)
        {
            LogSilent(OwnerId);
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
                case LinkMethods.Live:
                    _role?.Show(parameters.Span);
                    break;
            }
        }
        catch (JsonException)
        {
            LogMalformed(method, OwnerId);
            await EndAsync("A malformed message.");
        }
    }

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => method switch
    {
        LinkMethods.Ping => "{}"u8.ToArray(),
        LinkMethods.Hello => JsonSerializer.SerializeToUtf8Bytes(await GreetAsync(parameters, cancellationToken), LinkJson.Default.HelloResult),
        _ when _role is { } role => await role.AnswerAsync(method, parameters, cancellationToken),
        _ => throw NotServed(method),
    };

    // The answer to hello comes before everything else.
    public void Answered(string method)
    {
        if (method is LinkMethods.Hello && _beginning)
        {
            _beginning = false;
            _role!.Begin();
        }
    }

    /// <exception cref="RpcException">The process refused.</exception>
    /// <exception cref="RpcClosedException">The process hung up.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time, or nobody wants to know any more.</exception>
    public async Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(deadline, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var request = new CallRequest(OwnerId!, (int)deadline.TotalMilliseconds, args);
        var answer = await _peer!.RequestAsync(name, JsonSerializer.SerializeToUtf8Bytes(request, LinkJson.Default.CallRequest), either.Token);
        return new RawJson(JsonMarshal.GetRawUtf8Value(answer).ToArray());
    }

    public ValueTask SendAsync<T>(string method, T parameters, JsonTypeInfo<T> type) => _peer!.NotifyAsync(method, parameters, type, CancellationToken.None);

    public void Dispose() => _ended.Dispose();

    public static RpcException NotServed(string method) => new(RpcException.MethodNotFound, $"The hub does not serve {method}.");

    private async Task<HelloResult> GreetAsync(JsonElement parameters, CancellationToken cancellationToken)
    {
        var greeting = await LinkGreeting.ReadAsync(parameters, who, services, cancellationToken);
        if (Interlocked.Exchange(ref _greeted, 1) != 0)
        {
            throw new RpcException(RpcException.InvalidParams, "A link has one hello.", "invalid_hello");
        }

        _received = greeting.Through;
        _role = greeting.RoleOf(this, services);
        _acknowledgements = new Acknowledgements(this, _role, logger);
        _acknowledging = _acknowledgements.RunAsync();
        _beginning = true;
        return greeting.Answer;
    }

    private async Task AppendAsync(AppendFrame frame)
    {
        if (_role is not { } role || frame.Owner != role.Owner.Id || frame.Facts.Count > LinkLimits.MaxFactsPerFrame
            || frame.First < 1 || !_received.TryGetValue(frame.Generation, out var received) || frame.First > received + 1)
        {
            LogOutOfOrder(OwnerId, frame.Generation, frame.First);
            await EndAsync("Facts must follow each other. Say hello again.");
            return;
        }

        _received[frame.Generation] = Math.Max(received, frame.Last);
        // The reader goes on: several frames may be in flight, and the writer keeps their order.
        _acknowledgements!.Add(services.Intake.ApplyAsync(frame, role.Owner), frame.Generation);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Owner}: facts {Generation}/{First} do not follow; the link is closed.")]
    private partial void LogOutOfOrder(string? owner, long generation, long first);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A malformed {Method} from {Owner}; the link is closed.")]
    private partial void LogMalformed(string method, string? owner);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Owner} has been silent for too long; the link is cut.")]
    private partial void LogSilent(string? owner);

    [LoggerMessage(Level = LogLevel.Error, Message = "The link of {Owner} broke.")]
    private partial void LogBroken(Exception exception, string? owner);
}
