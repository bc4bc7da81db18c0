using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using Hapi.Bench.Hubs;

namespace Hapi.Bench.Clients;

/// <summary>One connection that asks the same thing again and again, with so little code that what is measured is the hub.</summary>
internal sealed class HttpWire : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private byte[] _buffer = new byte[16 * 1024];

    private HttpWire(string request) => _request = Encoding.ASCII.GetBytes(request);

    public static async Task<HttpWire> ConnectAsync(HubProcess hub, string path, CancellationToken cancellationToken)
    {
        var wire = new HttpWire($"GET {path} HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nAuthorization: {hub.Http.DefaultRequestHeaders.Authorization}\r\nAccept-Encoding: gzip\r\n\r\n");
        await wire._socket.ConnectAsync(hub.Address.Host, hub.Address.Port, cancellationToken);
        return wire;
    }

    /// <summary>Asks once and gives the body as it came over the wire.</summary>
    public async Task<ReadOnlyMemory<byte>> AskAsync()
    {
        await _socket.SendAsync(_request);
        var (length, whole) = (0, int.MaxValue);
        var body = 0;
        while (length < whole)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var got = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            length += got > 0 ? got : throw new IOException("The hub has hung up.");
            if (body == 0 && _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                body = end + 4;
                whole = body + ContentLength(_buffer.AsSpan(0, body));
            }
        }

        return _buffer.AsMemory(body, length - body);
    }

    public void Dispose() => _socket.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new IOException($"The hub answered {Encoding.ASCII.GetString(head[..head.IndexOf("\r\n"u8)])}.");
        }

        var name = "Content-Length: "u8;
        return Utf8Parser.TryParse(head[(head.IndexOf(name) + name.Length)..], out int length, out _) ? length : throw new IOException("The answer has no length.");
    }
}
