using System.IO.Compression;
using System.Text;
using Hapi.Bench.Hubs;

namespace Hapi.Bench.Clients;

/// <summary>One client of <c>GET /api/events</c> that reads all, as a screen does.</summary>
internal sealed class EventListener : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly FrameHandler _onFrame;
    private readonly Task _reading;

    private EventListener(HttpResponseMessage response, Stream stream, FrameHandler onFrame)
    {
        (_response, _stream, _onFrame) = (response, stream, onFrame);
        _reading = Task.Run(ReadAsync);
    }

    public delegate void FrameHandler(ReadOnlySpan<byte> frame);

    /// <summary>The id of the last frame that had one.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Completes when the stream has ended, whoever ended it.</summary>
    public Task Ended => _reading;

    public static async Task<EventListener> ConnectAsync(HubProcess hub, bool gzip, FrameHandler onFrame, CancellationToken cancellationToken, string? cursor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?all=true");
        if (gzip)
        {
            request.Headers.Add("Accept-Encoding", "gzip");
        }

        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        var response = await hub.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        if (gzip != response.Content.Headers.ContentEncoding.Contains("gzip"))
        {
            throw new InvalidDataException("The hub did not encode the stream as it was asked to.");
        }

        return new EventListener(response, gzip ? new GZipStream(body, CompressionMode.Decompress) : body, onFrame);
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
        await _stream.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (await _stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
                length = Take(buffer, length);
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (Exception ex) when (ex is IOException or HttpRequestException or ObjectDisposedException or InvalidDataException or OperationCanceledException)
        {
            // The stream has ended.
        }
    }

    // Hands over the whole frames and gives how much of one is left, moved to the front.
    private int Take(byte[] buffer, int length)
    {
        var rest = buffer.AsSpan(0, length);
        while (rest.IndexOf("\n\n"u8) is >= 0 and var end)
        {
            var frame = rest[..end];
            if (frame.LastIndexOf("\nid: "u8) is >= 0 and var id)
            {
                Cursor = Encoding.ASCII.GetString(frame[(id + "\nid: "u8.Length)..]);
            }

            _onFrame(frame);
            rest = rest[(end + 2)..];
        }

        rest.CopyTo(buffer);
        return rest.Length;
    }
}
