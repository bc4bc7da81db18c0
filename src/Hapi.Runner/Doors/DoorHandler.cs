using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Link;
using Hapi.Control;
using Hapi.Rpc;
using Hapi.Runner.Machines;
using Hapi.Runner.Sessions;

namespace Hapi.Runner.Doors;

/// <summary>Answers at the runner's own door. Whoever can open it is this user: the socket's mode is the authentication.</summary>
/// <param name="onStop">The runner is to end; the caller hears first that it was taken.</param>
internal sealed class DoorHandler(RunnerActions actions, SessionWatch watch, SessionRoster roster, RunnerFacts facts, Func<RunnerStatus> status, Action<RunnerStopRequest> onStop) : IRpcHandler
{
    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case ControlMethods.Status:
                return Bytes(status(), RunnerJson.Default.RunnerStatus);
            case RunnerMethods.List:
                return Bytes(new RunnerSessions([.. roster.Live.OrderBy(s => s.StartedAt).Select(Row)]), RunnerJson.Default.RunnerSessions);
            case RunnerMethods.Spawn:
                return Bytes(await actions.SpawnAsync(Read(parameters, LinkJson.Default.SpawnRequest)).WaitAsync(cancellationToken), LinkJson.Default.SpawnResult);
            case RunnerMethods.StopSession:
                return Bytes(await actions.StopSessionAsync(Read(parameters, LinkJson.Default.StopSessionRequest), "cli").WaitAsync(cancellationToken), LinkJson.Default.StopSessionResult);
            case ControlMethods.SessionStarted:
                return Bytes(new RunnerAccepted(await watch.ReportedAsync(Started(parameters))), RunnerJson.Default.RunnerAccepted);
            case ControlMethods.SessionStopped:
                await facts.StoppedAsync(Stopped(parameters));
                return Bytes(new RunnerAccepted(true), RunnerJson.Default.RunnerAccepted);
            case ControlMethods.Stop:
                onStop(parameters.ValueKind is JsonValueKind.Object ? Read(parameters, RunnerJson.Default.RunnerStopRequest) : new());
                return Bytes(new RunnerAccepted(true), RunnerJson.Default.RunnerAccepted);
            default:
                throw new RpcException(RpcException.MethodNotFound, $"The runner does not serve {method}.", "method_unknown");
        }
    }

    private static ProcessState Started(JsonElement parameters)
    {
        var state = Read(parameters, ControlJson.Default.ProcessState);
        return state is { Pid: > 0, Control: not null, Flavor: not null, Directory: not null, StartedBy: not null } && Guid.TryParse(state.SessionId, out _)
            ? state
            : throw new RpcException(RpcException.InvalidParams, "This is no state of a session process.", "invalid_params");
    }

    private static StoppedProcess Stopped(JsonElement parameters) =>
        Read(parameters, ControlJson.Default.StoppedProcess) is { Reason: not null, Outcome: not null, By: not null, Why: not null } stopped && Guid.TryParse(stopped.SessionId, out _)
            ? stopped
            : throw new RpcException(RpcException.InvalidParams, "This is no word about a stopped process.", "invalid_params");

    private static RunnerSession Row(ProcessState s) => new(s.SessionId, s.StartedBy, s.Pid, s.StartTime, s.Flavor, s.Directory, s.StartedAt);

    private static T Read<T>(JsonElement parameters, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return parameters.Deserialize(type) ?? throw new RpcException(RpcException.InvalidParams, "The request needs its parameters.", "invalid_params");
        }
        catch (JsonException)
        {
            throw new RpcException(RpcException.InvalidParams, "The parameters have another shape.", "invalid_params");
        }
    }

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
