using Hapi.Contracts.Api;
using Hapi.Contracts.Events;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Events;

/// <summary>The event stream, and what a client says of its own visibility.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/events", StreamAsync).Produces<SyncEvent>(200, "text/event-stream").Produces<ApiError>(403).Produces<ApiError>(404)
            .WithMetadata(new QueryValue("all", "boolean"), new QueryValue("sessionId", "string"), new QueryValue("machineId", "string"),
                new QueryValue("visibility", "string"), new QueryValue("lastEventId", "string"), new QueryValue("token", "string"));
        routes.MapPost("/api/visibility", SetVisibilityAsync).Reads<VisibilityRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(404);
    }

    private static async Task<IResult> StreamAsync(HttpContext context, EventStream stream, SessionIndex sessions, HubReader reader, IHostApplicationLifetime lifetime)
    {
        var (query, caller) = (context.Request.Query, context.Caller());
        var filter = new EventFilter(caller.Namespace, query["all"] is ["true" or "1"], Given(query["sessionId"]), Given(query["machineId"]));
        if (filter.SessionId is { } id && await sessions.AccessAsync(filter.Namespace, id, context.RequestAborted) is var access and not Access.Granted)
        {
            return Callers.Refuse(access);
        }

        if (filter.MachineId is { } machine)
        {
            var row = await reader.ReadAsync(sql => MachineRows.Find(sql, machine), context.RequestAborted);
            if (row?.Namespace != filter.Namespace)
            {
                return row is null
                    ? Bodies.Fail(StatusCodes.Status404NotFound, "Machine not found", ErrorCodes.MachineNotFound)
                    : Bodies.Fail(StatusCodes.Status403Forbidden, "Machine access denied", ErrorCodes.AccessDenied);
            }
        }

        var cursor = Given(context.Request.Headers["Last-Event-ID"]) ?? Given(query["lastEventId"]);
        var subscription = new EventSubscription(filter, caller.DeviceId) { Visible = query["visibility"] is ["visible"] };
        // An open stream must not hold up a hub that stops.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await stream.ServeAsync(context, subscription, cursor, Compression.AcceptsGzip(context.Request), ended.Token);
        return Results.Empty;
    }

    private static async Task<IResult> SetVisibilityAsync(HttpContext context, EventFeed feed)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.VisibilityRequest) is not { SubscriptionId: { Length: > 0 } id, Visibility: "visible" or "hidden" } request)
        {
            return Bodies.Invalid();
        }

        return feed.SetVisible(id, context.Caller().Namespace, request.Visibility is "visible")
            ? Bodies.Done()
            : Bodies.Fail(StatusCodes.Status404NotFound, "Subscription not found", ErrorCodes.SubscriptionNotFound);
    }

    // PostgreSQL knows no text with a NUL in it; no id has one.
    private static string? Given(Microsoft.Extensions.Primitives.StringValues value) => string.IsNullOrWhiteSpace(value) ? null : value.ToString().Trim().Replace('\0', '\ufffd');
}
