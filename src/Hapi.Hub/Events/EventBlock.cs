using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace Hapi.Hub.Events;

/// <summary>
/// Some frames of the stream, for everybody with the same filter: framed once and compressed once, however many connections they go to.
/// A compressed block begins with a fresh state and ends on a byte boundary, so that it fits into every stream at any place.
/// </summary>
internal sealed class EventBlock
{
    private readonly Lazy<byte[]> _compressed;

    private EventBlock(byte[] plain, long lastSeq)
    {
        (Plain, LastSeq) = (plain, lastSeq);
        _compressed = new(() => Compress(plain));
    }

    /// <summary>What a gzip stream begins with; what follows is deflate blocks without end.</summary>
    public static ReadOnlyMemory<byte> GzipHeader { get; } = new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255 };

    /// <summary>The newest place in the log that this block tells of, 0 when it has none.</summary>
    public long LastSeq { get; }

    public byte[] Plain { get; }

    public byte[] Compressed => _compressed.Value;

    public static EventBlock Of(IEnumerable<HubEvent> events, EventIds ids)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var last = 0L;
        foreach (var e in events)
        {
            buffer.Write("data: "u8);
            buffer.Write(e.Json);
            if (e.Seq > 0)
            {
                buffer.Write("\nid: "u8);
                buffer.Write(Encoding.ASCII.GetBytes(ids.Of(e.Seq, e.Namespace)));
                last = Math.Max(last, e.Seq);
            }

            buffer.Write("\n\n"u8);
        }

        return new(buffer.WrittenSpan.ToArray(), last);
    }

    private static byte[] Compress(byte[] plain)
    {
        using var bytes = new MemoryStream(64 + (plain.Length / 3));
        using var deflate = new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(plain);
        deflate.Flush();
        // What closing adds would end the stream of whoever gets it.
        return bytes.ToArray();
    }
}
