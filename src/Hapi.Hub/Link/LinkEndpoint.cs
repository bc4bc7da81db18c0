using Hapi.Contracts.Link;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary><c>GET /link</c>: where processes connect (docs/protocol/link.md).</summary>
internal static class LinkEndpoint
{
    /// <param name="namespaceOf">The namespace that the bearer's access token opens, or <see langword="null"/> for a token that opens none.</param>
    public static void MapLink(this IEndpointRouteBuilder routes, Func<HttpContext, CancellationToken, ValueTask<string?>> namespaceOf) => routes.Map("/link", async context =>
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (await namespaceOf(context, context.RequestAborted) is not { } @namespace)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var services = context.RequestServices.GetRequiredService<LinkServices>();
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        await using var transport = new WebSocketTransport(socket, LinkLimits.MaxFrameBytes);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        await new SessionLink(transport, @namespace, services, context.RequestServices.GetRequiredService<ILogger<SessionLink>>()).RunAsync(ended.Token);
    }).ExcludeFromDescription();
}
