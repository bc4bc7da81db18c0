using System.Text.Json;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Session.Lifecycles;
using Hapi.Session.Records;

namespace Hapi.Session.Control;

/// <summary>
/// The private door of a session process: whoever may stop it calls <c>stop</c> here and gives the reason, so that the cause travels with the stop.
/// </summary>
internal sealed class ControlSocket : IRpcHandler, IAsyncDisposable
{
    private readonly Lifecycle _lifecycle;
    private readonly Func<ControlStatus> _status;
    private readonly string _stateFile;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _serving;

    private ControlSocket(string address, string stateFile, Lifecycle lifecycle, Func<ControlStatus> status)
    {
        (_lifecycle, _status, _stateFile) = (lifecycle, status, stateFile);
        _serving = LocalSocket.ServeAsync(address, ServeAsync, _closing.Token);
    }

    /// <summary>Opens the door and leaves the state file that shows where it is.</summary>
    public static ControlSocket Open(SessionOptions options, Lifecycle lifecycle, Func<ControlStatus> status, TimeProvider time)
    {
        var folder = Path.Combine(options.Home, "run");
        PrivateFiles.Folder(folder);
        var address = Address(folder, options.SessionId);
        var stateFile = Path.Combine(folder, options.SessionId + ".json");
        var socket = new ControlSocket(address, stateFile, lifecycle, status);
        var me = ProcessIdentity.Current;
        var state = new ProcessState(options.SessionId, me.Pid, me.StartTime, address, options.Flavor.Id, options.Agent.Directory, options.StartedBy, time.GetUtcNow().ToUnixTimeMilliseconds());
        PrivateFiles.Write(stateFile, JsonSerializer.SerializeToUtf8Bytes(state, RecordJson.Default.ProcessState));
        return socket;
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Task.FromResult<ReadOnlyMemory<byte>>(method switch
    {
        "status" => JsonSerializer.SerializeToUtf8Bytes(_status(), RecordJson.Default.ControlStatus),
        "stop" => JsonSerializer.SerializeToUtf8Bytes(Stop(parameters), RecordJson.Default.StopResult),
        _ => throw new RpcException(RpcException.MethodNotFound, $"The session does not serve {method}."),
    });

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        File.Delete(_stateFile);
        _closing.Dispose();
    }

    private StopResult Stop(JsonElement parameters)
    {
        var request = parameters.ValueKind is JsonValueKind.Object ? parameters.Deserialize(RecordJson.Default.StopRequest) : null;
        _lifecycle.End(EndCause.Asked, string.IsNullOrWhiteSpace(request?.Reason) ? null : request.Reason);
        return new StopResult(true);
    }

    private async Task ServeAsync(Stream caller, CancellationToken cancellationToken)
    {
        await using var transport = new JsonLinesTransport(caller, caller, maxLineBytes: 1 << 20);
        await new RpcPeer(transport, this).RunAsync(cancellationToken);
    }

    // A socket's path must be short; a home deep in the tree gets its sockets in the temporary folder.
    private static string Address(string folder, string sessionId)
    {
        var name = Guid.Parse(sessionId).ToString("N")[^8..] + ".sock";
        var address = Path.Combine(folder, name);
        if (System.Text.Encoding.UTF8.GetByteCount(address) <= LocalSocket.MaxPathBytes)
        {
            return address;
        }

        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..8];
        var elsewhere = Path.Combine(Path.GetTempPath(), $"hapi-{Environment.UserName}-{digest}");
        PrivateFiles.Folder(elsewhere);
        return Path.Combine(elsewhere, name);
    }
}
