using Hapi.Contracts.Api;
using Hapi.Contracts.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Events;

/// <summary>The event stream, and what a client says of its own visibility.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/events", StreamAsync).Produces<SyncEvent>(200, "text/event-stream").Produces<ApiError>(403).Produces<ApiError>(404)
            .WithMetadata(new QueryValue("all", "boolean"), new QueryValue("sessionId", "string"), new QueryValue("machineId", "string"),
                new QueryValue("visibility", "string"), new QueryValue("lastEventId", "string"), new QueryValue("token", "string"));
        routes.MapPost("/api/visibility", SetVisibilityAsync).Accepts<VisibilityRequest>("application/json").Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(404);
    }

    private static async Task<IResult> StreamAsync(HttpContext context, EventStream stream, SessionStore sessions, IHostApplicationLifetime lifetime)
    {
        var query = context.Request.Query;
        var filter = new EventFilter(context.Caller().Namespace, query["all"] is ["true" or "1"], Given(query["sessionId"]), Given(query["machineId"]));
        if (filter.SessionId is { } id)
        {
            var (access, _) = await sessions.FindAsync(filter.Namespace, id, context.RequestAborted);
            if (access is not Access.Granted)
            {
                return access is Access.Foreign
                    ? Bodies.Fail(StatusCodes.Status403Forbidden, "Session access denied")
                    : Bodies.Fail(StatusCodes.Status404NotFound, "Session not found");
            }
        }

        var cursor = Given(context.Request.Headers["Last-Event-ID"]) ?? Given(query["lastEventId"]);
        // An open stream must not hold up a hub that stops.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await stream.ServeAsync(context, filter, cursor, query["visibility"] is ["visible"], Compression.AcceptsGzip(context.Request), ended.Token);
        return Results.Empty;
    }

    private static async Task<IResult> SetVisibilityAsync(HttpContext context, EventSubscriptions subscriptions)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.VisibilityRequest) is not { SubscriptionId: { Length: > 0 } id, Visibility: "visible" or "hidden" } request)
        {
            return Bodies.Invalid();
        }

        return subscriptions.SetVisible(id, context.Caller().Namespace, request.Visibility is "visible")
            ? Bodies.Done()
            : Bodies.Fail(StatusCodes.Status404NotFound, "Subscription not found");
    }

    private static string? Given(Microsoft.Extensions.Primitives.StringValues value) => string.IsNullOrWhiteSpace(value) ? null : value.ToString().Trim();
}
