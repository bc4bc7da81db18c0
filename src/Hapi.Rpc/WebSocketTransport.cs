using System.Buffers;
using System.Net.WebSockets;

namespace Hapi.Rpc;

/// <summary>One message a text frame of a WebSocket. A message over the limit closes the connection with 1009.</summary>
public sealed class WebSocketTransport(WebSocket socket, int maxMessageBytes = WebSocketTransport.DefaultMaxMessageBytes) : IRpcTransport
{
    public const int DefaultMaxMessageBytes = 1 << 20;
    private static readonly TimeSpan s_closeWait = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _writeGate = new(1, 1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult got;
            try
            {
                got = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            }
            catch (Exception ex) when (ex is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                return null;
            }

            if (got.MessageType is WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, null);
                return null;
            }

            length += got.Count;
            if (length > maxMessageBytes)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have at most {maxMessageBytes} bytes.");
                return null;
            }

            if (got.EndOfMessage)
            {
                HalfPairs.MendInPlace(_buffer.AsSpan(0, length));
                return _buffer.AsMemory(0, length);
            }

            if (length == _buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _writeGate.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw new RpcClosedException("The other side has closed the connection.", ex);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    /// <summary>Says goodbye with a code and a reason; waits for the other side only briefly.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        using var patience = new CancellationTokenSource(s_closeWait);
        try
        {
            await socket.CloseOutputAsync(status, reason, patience.Token);
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            Abort();
        }
    }

    /// <summary>Cuts the connection without a word: the silent other side would not hear it.</summary>
    public void Abort()
    {
        try
        {
            socket.Abort();
        }
        catch (ObjectDisposedException)
        {
            // A server's socket hangs on its request, and the request may be over.
        }
    }

    public ValueTask DisposeAsync()
    {
        Abort();
        return default;
    }
}
