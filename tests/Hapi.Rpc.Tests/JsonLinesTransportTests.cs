using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Hapi.Rpc.Tests;

public sealed class JsonLinesTransportTests
{
    private static readonly string[] s_messages = ["{\"a\":1}", "{\"b\":\"é😀\"}", "[]", new string('x', 40_000), "{}"];

    [Fact]
    public void Any_chunking_gives_the_same_messages() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt[]>(), sizes =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', s_messages));
            var read = ReadAll(new ChunkedStream(bytes, [.. sizes.Select(s => s.Get)])).GetAwaiter().GetResult();
            return read.SequenceEqual(s_messages);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_line_over_the_limit_is_skipped_and_reported_and_the_next_one_arrives()
    {
        var reports = 0;
        var input = new Flood(100 << 20);
        await using var transport = new JsonLinesTransport(input, Stream.Null, maxLineBytes: 1 << 20, () => reports++);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var next = await transport.ReceiveAsync(TestContext.Current.CancellationToken);

        Assert.Equal("{\"after\":true}", Encoding.UTF8.GetString(next!.Value.Span));
        Assert.Equal(1, reports);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 20 << 20, "A line that is skipped must not be held.");
        Assert.Null(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Empty_lines_and_carriage_returns_are_no_messages() =>
        Assert.Equal(["{}", "[1]"], await ReadAll(new MemoryStream("\r\n\n{}\r\n\n[1]"u8.ToArray())));

    private static async Task<List<string>> ReadAll(Stream input)
    {
        await using var transport = new JsonLinesTransport(input, Stream.Null);
        var all = new List<string>();
        while (await transport.ReceiveAsync(TestContext.Current.CancellationToken) is { } message)
        {
            all.Add(Encoding.UTF8.GetString(message.Span));
        }

        return all;
    }

    /// <summary>One endless line, then a good one.</summary>
    private sealed class Flood(long length) : Stream
    {
        private static readonly byte[] s_end = "\n{\"after\":true}\n"u8.ToArray();
        private long _left = length;
        private int _endAt;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left > 0)
            {
                var take = (int)Math.Min(count, _left);
                buffer.AsSpan(offset, take).Fill((byte)'a');
                _left -= take;
                return take;
            }

            var rest = Math.Min(count, s_end.Length - _endAt);
            s_end.AsSpan(_endAt, rest).CopyTo(buffer.AsSpan(offset));
            _endAt += rest;
            return rest;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
