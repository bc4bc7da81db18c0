using Hapi.Hub.Auth;

namespace Hapi.Hub.Http;

/// <summary>What every request passes before a route sees it: security headers, host, origin, and who is calling.</summary>
internal sealed class Gate(RequestDelegate next, HostList hosts, WebTokens tokens)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)";

        if (!hosts.AllowsHost(context.Request.Host))
        {
            await Bodies.WriteAsync(context, StatusCodes.Status421MisdirectedRequest,
                $"This hub does not answer to the host name \"{context.Request.Host.Host}\". Start it with --lan or --public-url.", ErrorCodes.HostNotAllowed);
            return;
        }

        if (context.Request.Headers.Origin is [{ } origin] && !hosts.AllowsOrigin(origin, context.Request))
        {
            await Bodies.WriteAsync(context, StatusCodes.Status403Forbidden, "Requests from this origin are not allowed.", ErrorCodes.OriginNotAllowed);
            return;
        }

        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || context.Request.Path.Value is "/api/auth" or "/api/pair" || await KnowsCallerAsync(context))
        {
            await next(context);
        }
    }

    private async ValueTask<bool> KnowsCallerAsync(HttpContext context)
    {
        var token = Token(context);
        if (token is null)
        {
            await Bodies.WriteAsync(context, StatusCodes.Status401Unauthorized, "Missing authorization token", null);
            return false;
        }

        var (who, problem) = await tokens.ReadAsync(token);
        if (who is null)
        {
            await Bodies.WriteAsync(context, StatusCodes.Status401Unauthorized, problem!, null);
            return false;
        }

        context.SetCaller(who);
        return true;
    }

    private static string? Token(HttpContext context)
    {
        if (context.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return header["Bearer ".Length..];
        }

        // A browser's EventSource cannot send headers; only that path takes the token from the address.
        return context.Request.Path.Value is "/api/events" && context.Request.Query["token"] is [{ Length: > 0 } query] ? query : null;
    }
}
