using System.Buffers;
using System.IO.Pipelines;

namespace Hapi.Rpc;

/// <summary>
/// One message a line over a pair of streams: a child's stdio, a local socket. A line longer than the limit is skipped as it
/// arrives and reported to <paramref name="onTooLong"/>; it is never held in memory.
/// </summary>
public sealed class JsonLinesTransport(Stream input, Stream output, int maxLineBytes = JsonLinesTransport.DefaultMaxLineBytes, Action? onTooLong = null) : IRpcTransport
{
    public const int DefaultMaxLineBytes = 64 << 20;
    private static readonly byte[] s_newLine = "\n"u8.ToArray();
    private readonly PipeReader _reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
    private readonly SemaphoreSlim _writeGate = new(1, 1);
    private SequencePosition? _taken;
    private long _seen;
    private bool _skipping;

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_taken is { } taken)
        {
            _reader.AdvanceTo(taken);
            (_taken, _seen) = (null, 0);
        }

        while (true)
        {
            ReadResult result;
            try
            {
                result = await _reader.ReadAsync(cancellationToken);
            }
            catch (Exception ex) when (ex is IOException or ObjectDisposedException)
            {
                return null; // a reset pipe is a hang-up
            }

            var buffer = result.Buffer;
            // Only what is new is searched: a long line that comes in small pieces would else be read again with every piece.
            if (buffer.Slice(_seen).PositionOf((byte)'\n') is { } end)
            {
                var line = Trim(buffer.Slice(0, end));
                var next = buffer.GetPosition(1, end);
                if (_skipping || line.IsEmpty || line.Length > maxLineBytes)
                {
                    Skip(!_skipping && line.Length > maxLineBytes);
                    _skipping = false;
                    _reader.AdvanceTo(next);
                    _seen = 0;
                    continue;
                }

                _taken = next;
                return HalfPairs.Mend(line.IsSingleSegment ? line.First : line.ToArray());
            }

            if (result.IsCompleted)
            {
                var rest = Trim(buffer);
                _taken = buffer.End;
                if (rest.IsEmpty || _skipping || rest.Length > maxLineBytes)
                {
                    return null;
                }

                return HalfPairs.Mend(rest.ToArray());
            }

            if (_skipping || buffer.Length > maxLineBytes)
            {
                Skip(!_skipping);
                _skipping = true;
                _reader.AdvanceTo(buffer.End);
                _seen = 0;
            }
            else
            {
                _seen = buffer.Length;
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _writeGate.WaitAsync(cancellationToken);
        try
        {
            // Once the first byte is out the line must be finished, or the peer can never find its place again.
            await output.WriteAsync(message, CancellationToken.None);
            await output.WriteAsync(s_newLine, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw new RpcClosedException("The other side has closed the connection.", ex);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await input.DisposeAsync();
        try
        {
            await output.DisposeAsync();
        }
        catch (IOException)
        {
            // Closing flushes; a child that is gone cannot take it.
        }
    }

    private void Skip(bool tooLong)
    {
        if (tooLong)
        {
            onTooLong?.Invoke();
        }
    }

    private static ReadOnlySequence<byte> Trim(ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty || line.Slice(line.Length - 1).FirstSpan[0] != (byte)'\r')
        {
            return line;
        }

        return line.Slice(0, line.Length - 1);
    }
}
