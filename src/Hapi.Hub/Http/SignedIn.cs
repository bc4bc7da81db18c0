using Hapi.Hub.Auth;
using Microsoft.AspNetCore.Authorization;

namespace Hapi.Hub.Http;

/// <summary>
/// Who calls. Every route wants a signed-in caller unless it says otherwise itself: a route that forgets to speak of it is closed,
/// however its path is written.
/// </summary>
internal sealed class SignedIn(RequestDelegate next, WebTokens tokens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }

        var token = Token(context);
        if (token is null)
        {
            await Bodies.WriteAsync(context, StatusCodes.Status401Unauthorized, "Missing authorization token", null);
            return;
        }

        var (who, problem) = tokens.Read(token);
        if (who is null)
        {
            await Bodies.WriteAsync(context, StatusCodes.Status401Unauthorized, problem!, null);
            return;
        }

        context.SetCaller(who);
        await next(context);
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
