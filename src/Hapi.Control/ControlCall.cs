using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Rpc;

namespace Hapi.Control;

/// <summary>One question at another process's private door.</summary>
public static class ControlCall
{
    /// <summary>Asks, and gives the answer.</summary>
    /// <exception cref="IOException">Nobody serves at the address, or it hung up.</exception>
    /// <exception cref="RpcException">The other side refused.</exception>
    /// <exception cref="OperationCanceledException">No answer within the deadline.</exception>
    public static async Task<TResult> AskAsync<TParams, TResult>(
        string address, string method, TParams parameters, JsonTypeInfo<TParams> paramsType, JsonTypeInfo<TResult> resultType, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var stream = await LocalSocket.ConnectAsync(address, either.Token);
        await using var transport = new JsonLinesTransport(stream, stream);
        var peer = new RpcPeer(transport, new NoRequests());
        var reading = peer.RunAsync(either.Token);
        try
        {
            return await peer.RequestAsync(method, parameters, paramsType, resultType, either.Token);
        }
        finally
        {
            await either.CancelAsync();
            await reading.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private sealed class NoRequests : IRpcHandler
    {
        public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

        public Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) =>
            throw new RpcException(RpcException.MethodNotFound, "Nothing is served here.");
    }
}
