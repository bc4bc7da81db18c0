using Hapi.Contracts;
using Hapi.Contracts.Api;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>Who did what: the whole audit for the hub's owner, and a session's own history for whoever may see the session.</summary>
internal static class AuditEndpoints
{
    private static readonly QueryValue s_before = new("before", "integer"), s_limit = new("limit", "integer");

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", ListAsync).Produces<AuditPage>().Produces<InvalidBody>(400).Produces<ApiError>(403)
            .WithMetadata(s_before, s_limit, new QueryValue("session", "string"), new QueryValue("actor", "string"), new QueryValue("kind", "string"),
                new QueryValue("from", "integer"), new QueryValue("to", "integer"));
        routes.MapGet("/api/audit/verify", VerifyAsync).Produces<AuditProof>().Produces<ApiError>(403);
        routes.MapGroup("/api/sessions/{id}/history").ForSession().MapGet("", HistoryAsync).Produces<SessionHistory>().Produces<InvalidBody>(400).WithMetadata(s_before, s_limit);
    }

    private static async Task<IResult> ListAsync(HttpContext context, HubReader reader)
    {
        if (!context.Caller().IsOwner)
        {
            return OwnerOnly();
        }

        var query = new AuditQuery(context.Request.Query);
        if (query.Bad is { } bad)
        {
            return Invalid(bad);
        }

        var rows = await reader.ReadAsync(sql => AuditRows.Before(sql, query.Before, query.Limit + 1, query.Filter), context.RequestAborted);
        var page = rows.Take(query.Limit).Select(r => new AuditedAct(
            r.Seq, r.At, r.Namespace, r.Kind, new AuditedActor(r.ActorKind, r.ActorId, r.ActorName), r.Channel, r.Hash, r.SessionId, r.MachineId, r.Subject, r.Reason, Json(r.Before), Json(r.After)));
        return Bodies.Ok(new AuditPage([.. page], Next(rows, query.Limit)), ApiJson.Default.AuditPage);
    }

    private static async Task<IResult> VerifyAsync(HttpContext context, HubReader reader)
    {
        if (!context.Caller().IsOwner)
        {
            return OwnerOnly();
        }

        var report = await reader.ReadAsync(AuditChain.Verify, context.RequestAborted);
        return Bodies.Ok(new AuditProof(report.Problem is null, report.Rows, report.Head, report.Problem is { } p ? new AuditProblem(p.Seq, p.What) : null), ApiJson.Default.AuditProof);
    }

    private static async Task<IResult> HistoryAsync(HttpContext context, string id, HubReader reader)
    {
        var query = new AuditQuery(context.Request.Query);
        if (query.Bad is { } bad)
        {
            return Invalid(bad);
        }

        // An id may have been another's before it was deleted there.
        var mine = new AuditFilter(context.Caller().Namespace, id);
        var rows = await reader.ReadAsync(sql => AuditRows.Before(sql, query.Before, query.Limit + 1, mine), context.RequestAborted);
        var page = rows.Take(query.Limit).Select(r => new SessionAct(
            r.Seq, r.At, r.Kind, new AuditedActor(r.ActorKind, r.ActorId, r.ActorName), r.Channel, r.Subject, r.Reason, Json(r.Before), Json(r.After)));
        return Bodies.Ok(new SessionHistory([.. page], Next(rows, query.Limit)), ApiJson.Default.SessionHistory);
    }

    private static long? Next(List<AuditRow> rows, int limit) => rows.Count > limit ? rows[limit - 1].Seq : null;

    // A row that was tampered with may hold anything.
    private static RawJson? Json(string? document) => document is null ? null : JsonObjects.Raw(JsonObjects.Parse(document));

    private static IResult Invalid(string name) => Bodies.Invalid("Invalid query", ErrorCodes.InvalidQuery, name, "It is not a value this can have.");

    private static IResult OwnerOnly() => Bodies.Fail(StatusCodes.Status403Forbidden, "Only the owner of this hub may do that.", ErrorCodes.OwnerOnly);
}
