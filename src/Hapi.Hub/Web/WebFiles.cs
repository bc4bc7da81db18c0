using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Hapi.Hub.Http;

namespace Hapi.Hub.Web;

/// <summary>The web app, embedded in the executable with its brotli twins. Hashed assets are for ever; everything else is asked for again.</summary>
/// <param name="contents">By path; the brotli twin of a file has <c>.br</c> behind its name.</param>
internal sealed class WebFiles(IReadOnlyDictionary<string, byte[]> contents)
{
    private const string Prefix = "web/", Assets = "assets/", Twin = ".br";
    private const string NotBuilt = "<!doctype html><meta charset=utf-8><title>Hapi</title><p>The web app was not built into this executable. Build it with <code>npm run build</code> in <code>web/</code>, then build Hapi again.";

    private readonly FrozenDictionary<string, WebFile> _files = contents.Where(c => !c.Key.EndsWith(Twin, StringComparison.Ordinal)).ToFrozenDictionary(c => c.Key, c => new WebFile(
        c.Value, contents.GetValueOrDefault(c.Key + Twin), $"\"{Convert.ToHexStringLower(SHA256.HashData(c.Value))[..16]}\"", TypeOf(c.Key)));

    public WebFiles()
        : this(Embedded())
    {
    }

    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await Bodies.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "This address does not take that method.", ErrorCodes.MethodNotAllowed);
            return;
        }

        if (!_files.TryGetValue(path, out var file) && path.StartsWith(Assets, StringComparison.Ordinal))
        {
            // A page of an earlier version asks for what is gone; the app in its place would be kept for a year.
            await Bodies.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such file.", ErrorCodes.RouteNotFound);
            return;
        }

        if (file is null && !_files.TryGetValue("index.html", out file))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(NotBuilt, context.RequestAborted);
            return;
        }

        var headers = context.Response.Headers;
        headers.ETag = file.Tag;
        headers.Vary = "Accept-Encoding";
        headers.CacheControl = path.StartsWith(Assets, StringComparison.Ordinal) ? "public, max-age=31536000, immutable"
            : path is "sw.js" ? "no-store, no-cache, must-revalidate" : "no-cache";
        if (Knows(context.Request, file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var brotli = file.Brotli is not null && Compression.Accepts(context.Request, "br");
        if (brotli)
        {
            headers.ContentEncoding = "br";
        }

        var bytes = brotli ? file.Brotli! : file.Plain;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static bool Knows(HttpRequest request, string tag) => request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries)
        .Any(known => known is "*" || known == tag || known == "W/" + tag);

    private static Dictionary<string, byte[]> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(n => n[Prefix.Length..], n => Read(assembly, n));
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };

    private sealed record WebFile(byte[] Plain, byte[]? Brotli, string Tag, string Type);
}
