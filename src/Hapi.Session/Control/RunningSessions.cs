using System.Text.Json;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Session.Records;

namespace Hapi.Session.Control;

/// <summary>The session processes of a home that are alive now, found by their state files and proved by pid and start time.</summary>
public sealed class RunningSessions(string home)
{
    private static readonly TimeSpan s_acceptWithin = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<ProcessState> List()
    {
        var folder = Path.Combine(home, "run");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<ProcessState>()] : [];
    }

    /// <summary>Asks the session to end, for a reason it will record. Gives whether it accepted in time; it then ends by itself.</summary>
    public static async Task<bool> StopAsync(ProcessState session, string reason, string by, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_acceptWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var stream = await LocalSocket.ConnectAsync(session.Control, either.Token);
            await using var transport = new JsonLinesTransport(stream, stream);
            var peer = new RpcPeer(transport, new NoRequests());
            var reading = peer.RunAsync(either.Token);
            var answer = await peer.RequestAsync("stop", new StopRequest(reason, by), RecordJson.Default.StopRequest, RecordJson.Default.StopResult, either.Token);
            await either.CancelAsync();
            await reading.ContinueWith(_ => { }, TaskScheduler.Default);
            return answer.Accepted;
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static ProcessState? Read(string file)
    {
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(file), RecordJson.Default.ProcessState);
            return state is not null && new ProcessIdentity(state.Pid, state.StartTime).IsAlive() ? state : null;
        }
        catch (Exception ex) when (ex is IOException or JsonException or UnauthorizedAccessException)
        {
            return null; // half written, or gone this moment
        }
    }

    private sealed class NoRequests : IRpcHandler
    {
        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

        public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) =>
            throw new RpcException(RpcException.MethodNotFound, "Nothing is served here.");
    }
}
