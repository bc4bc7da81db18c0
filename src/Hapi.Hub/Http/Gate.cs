namespace Hapi.Hub.Http;

/// <summary>What every request passes first: security headers, host and origin.</summary>
internal sealed class Gate(RequestDelegate next, HostList hosts)
{
    // Highlighted code carries its colours in style attributes; style sheets come from the hub alone.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)";

        if (!hosts.AllowsHost(context.Request.Host))
        {
            await Bodies.WriteAsync(context, StatusCodes.Status421MisdirectedRequest,
                $"This hub does not answer to the host name \"{context.Request.Host.Host}\". Start it with --lan or --public-url.", ErrorCodes.HostNotAllowed);
            return;
        }

        if (context.Request.Headers.Origin is { Count: > 0 } origins && (origins.Count > 1 || !hosts.AllowsOrigin(origins[0]!, context.Request)))
        {
            await Bodies.WriteAsync(context, StatusCodes.Status403Forbidden, "Requests from this origin are not allowed.", ErrorCodes.OriginNotAllowed);
            return;
        }

        await next(context);
    }
}
