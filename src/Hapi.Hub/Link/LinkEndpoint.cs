using System.Net.WebSockets;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Auth;
using Hapi.Hub.Http;
using Hapi.Rpc;

namespace Hapi.Hub.Link;

/// <summary><c>GET /link</c>: where processes connect (docs/protocol/link.md).</summary>
internal static class LinkEndpoint
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);

    public static void MapLink(this IEndpointRouteBuilder routes) => routes.Map("/link", ConnectAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> ConnectAsync(HttpContext context, LinkServices services, AccessTokens tokens, SignInLimit limit, SignInAudit audit, IHostApplicationLifetime lifetime, ILogger<ProcessLink> logger)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return Bodies.Fail(StatusCodes.Status426UpgradeRequired, "This address is for processes that connect with a WebSocket.", ErrorCodes.WebSocketExpected);
        }

        // A process with a wrong token comes again and again; it must not lock its user's browser out.
        var address = "link " + limit.AddressOf(context);
        if (limit.Refuse(context, address) is { } wait)
        {
            return wait;
        }

        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..] : null;
        if (await tokens.OpenAsync(token, context.RequestAborted) is not { } who)
        {
            await audit.FailedAsync(limit.AddressOf(context), "token", AuditChannels.Link, limit.Failed(address));
            return Bodies.Fail(StatusCodes.Status401Unauthorized, "Invalid access token");
        }

        limit.Succeeded(address);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        await using var transport = new WebSocketTransport(socket, LinkLimits.MaxFrameBytes);
        await using var watched = new WatchedTransport(transport, services.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        using var link = new ProcessLink(transport, watched, who, services, logger);
        await link.RunAsync(ended.Token);
        await LingerAsync(socket);
        return Results.Empty;
    }

    // Breaking the connection at once could overtake our goodbye.
    private static async Task LingerAsync(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(s_goodbye);
        var rest = new byte[4096];
        try
        {
            while (socket.State is WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(rest.AsMemory(), patience.Token);
            }
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or OperationCanceledException)
        {
            // It has gone without a word of its own.
        }
    }
}
