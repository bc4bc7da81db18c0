using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Session.Lifecycles;

namespace Hapi.Session.Control;

/// <summary>
/// The private door of a session process: whoever may stop it calls <c>stop</c> here and gives the reason, so that the cause travels with the stop.
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

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Task.FromResult<ReadOnlyMemory<byte>>(method switch
    {
        ControlMethods.Status => JsonSerializer.SerializeToUtf8Bytes(_status(), ControlJson.Default.SessionStatus),
        ControlMethods.Stop => JsonSerializer.SerializeToUtf8Bytes(Stop(parameters), ControlJson.Default.StopResult),
        _ => throw new RpcException(RpcException.MethodNotFound, $"The session does not serve {method}."),
    });

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        _running.Remove(_state);
    }

    private StopResult Stop(JsonElement parameters)
    {
        var request = parameters.ValueKind is JsonValueKind.Object ? parameters.Deserialize(ControlJson.Default.StopRequest) : null;
        _lifecycle.End(EndCause.Asked, string.IsNullOrWhiteSpace(request?.Reason) ? null : request.Reason);
        return new StopResult(true);
    }
}
