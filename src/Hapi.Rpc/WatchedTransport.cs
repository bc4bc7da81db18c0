namespace Hapi.Rpc;

/// <summary>A transport that knows how long each direction has been quiet.</summary>
public sealed class WatchedTransport(IRpcTransport inner, TimeProvider time) : IRpcTransport
{
    private long _sent = time.GetTimestamp(), _received = time.GetTimestamp();

    public TimeSpan SinceSent => time.GetElapsedTime(Volatile.Read(ref _sent));

    public TimeSpan SinceReceived => time.GetElapsedTime(Volatile.Read(ref _received));

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = await inner.ReceiveAsync(cancellationToken);
        Volatile.Write(ref _received, time.GetTimestamp());
        return message;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await inner.SendAsync(message, cancellationToken);
        Volatile.Write(ref _sent, time.GetTimestamp());
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
