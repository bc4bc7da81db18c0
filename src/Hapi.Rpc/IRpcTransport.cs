namespace Hapi.Rpc;

/// <summary>Carries whole messages, each one JSON text in UTF-8. Knows nothing of JSON-RPC.</summary>
public interface IRpcTransport : IAsyncDisposable
{
    /// <summary>
    /// Gives the next message, or <see langword="null"/> when the other side has hung up. The bytes are valid until the next call.
    /// One reader at a time.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Sends one message. Safe from many callers; a message begun is finished, or the transport is broken.</summary>
    /// <exception cref="RpcClosedException">The other side is gone.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
