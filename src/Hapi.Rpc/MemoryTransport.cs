using System.Threading.Channels;

namespace Hapi.Rpc;

/// <summary>Two peers in one process, without a socket between them.</summary>
public sealed class MemoryTransport : IRpcTransport
{
    private readonly ChannelReader<byte[]> _in;
    private readonly ChannelWriter<byte[]> _out;

    private MemoryTransport(ChannelReader<byte[]> @in, ChannelWriter<byte[]> @out) => (_in, _out) = (@in, @out);

    public static (MemoryTransport Left, MemoryTransport Right) CreatePair()
    {
        var (there, back) = (Channel.CreateUnbounded<byte[]>(), Channel.CreateUnbounded<byte[]>());
        return (new(back.Reader, there.Writer), new(there.Reader, back.Writer));
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (await _in.WaitToReadAsync(cancellationToken) && _in.TryRead(out var message))
        {
            return message;
        }

        return null;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _out.TryWrite(message.ToArray()) ? default : throw new RpcClosedException("The other side has closed the connection.");

    public ValueTask DisposeAsync()
    {
        _out.TryComplete();
        return default;
    }
}
