using System.IO.Compression;

namespace Hapi.Hub.Http;

/// <summary>One JSON answer as it goes over the wire, compressed at most once however often it is sent.</summary>
internal sealed class JsonBytes(byte[] plain)
{
    // Below this, what gzip saves is less than what it costs.
    private const int WorthCompressing = 1024;
    private byte[]? _compressed;

    public async Task WriteAsync(HttpContext context, int status)
    {
        var (response, bytes) = (context.Response, plain);
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = "no-store";
        if (plain.Length >= WorthCompressing && Compression.AcceptsGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = _compressed ??= Compress(plain);
        }

        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static byte[] Compress(byte[] plain)
    {
        using var bytes = new MemoryStream(64 + (plain.Length / 4));
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return bytes.ToArray();
    }
}
