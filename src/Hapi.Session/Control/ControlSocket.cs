using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Session.Lifecycles;

namespace Hapi.Session.Control;

/// <summary>
/// The private door of a session process: whoever may stop it calls <c>stop</c> here and gives the reason, so that the cause travels with the stop.
/// The end begins when the caller has been told that it was accepted; a caller that has hung up before has not stopped anything.
/// </summary>
internal sealed class ControlSocket : IRpcHandler, IAsyncDisposable
{
    private readonly Lifecycle _lifecycle;
    private readonly Func<SessionStatus> _status;
    private readonly RunningSessions _running;
    private readonly ProcessState _state;
    private readonly ControlDoor _door;

    private ControlSocket(SessionOptions options, Lifecycle lifecycle, Func<SessionStatus> status, TimeProvider time)
    {
        (_lifecycle, _status, _running) = (lifecycle, status, new RunningSessions(options.Home));
        _door = ControlDoor.Open(options.Home, Guid.Parse(options.SessionId).ToString("N")[^8..], this);
        var me = ProcessIdentity.Current;
        _state = new ProcessState(options.SessionId, me.Pid, me.StartTime, _door.Address, options.Flavor.Id, options.Agent.Directory, options.StartedBy, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Opens the door and leaves the state file that shows where it is.</summary>
    public static ControlSocket Open(SessionOptions options, Lifecycle lifecycle, Func<SessionStatus> status, TimeProvider time)
    {
        var socket = new ControlSocket(options, lifecycle, status, time);
        socket._running.Write(socket._state);
        return socket;
    }

    /// <summary>What the state file says.</summary>
    public ProcessState State => _state;

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Task.FromResult<ReadOnlyMemory<byte>>(method switch
    {
        ControlMethods.Status => JsonSerializer.SerializeToUtf8Bytes(_status(), ControlJson.Default.SessionStatus),
        ControlMethods.Stop or ControlMethods.HandOff => Accept(parameters),
        _ => throw new RpcException(RpcException.MethodNotFound, $"The session does not serve {method}."),
    });

    public void Answered(string method, JsonElement parameters, bool sent)
    {
        if (method is not (ControlMethods.Stop or ControlMethods.HandOff))
        {
            return;
        }

        try
        {
            var request = Read(parameters);
            _lifecycle.AskingEnds(sent, method is ControlMethods.Stop ? EndCause.Asked : EndCause.HandedOff, string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason, request.By);
        }
        catch (JsonException)
        {
            // It was refused for its shape.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        _running.Remove(_state);
    }

    private ReadOnlyMemory<byte> Accept(JsonElement parameters)
    {
        _ = Read(parameters);
        _lifecycle.AskingBegins();
        return JsonSerializer.SerializeToUtf8Bytes(new StopResult(true), ControlJson.Default.StopResult);
    }

    private static StopRequest Read(JsonElement parameters) =>
        (parameters.ValueKind is JsonValueKind.Object ? parameters.Deserialize(ControlJson.Default.StopRequest) : null) ?? new StopRequest(null, null);
}
