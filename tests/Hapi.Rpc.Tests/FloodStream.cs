namespace Hapi.Rpc.Tests;

/// <summary>One endless line, then a good one. Never in memory.</summary>
internal sealed class FloodStream(long length) : Stream
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
