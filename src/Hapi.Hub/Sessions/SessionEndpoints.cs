using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Commands;
using Hapi.Hub.Http;

namespace Hapi.Hub.Sessions;

/// <summary>Sessions over HTTP: list, detail, and what a person does with one.</summary>
internal static class SessionEndpoints
{
    private const int MaxListed = 500, MaxName = 255;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions", ListAsync).Produces<SessionList>().WithMetadata(new QueryValue("limit", "integer"), new QueryValue("order", "string"));
        var session = routes.MapGroup("/api/sessions/{id}").ForSession();
        session.MapGet("", (HttpContext context) => Bodies.Ok(new SessionDetail(context.Session()), ApiJson.Default.SessionDetail)).Produces<SessionDetail>().Produces<ApiError>(404);
        session.MapPatch("", RenameAsync).Accepts<RenameRequest>("application/json").Produces<Done>().Produces<ApiError>(400);
        session.MapPatch("/summary", SummaryAsync).Accepts<SummaryRequest>("application/json").Produces<Done>().Produces<ApiError>(400);
        session.MapPut("/pin", PinAsync).Accepts<PinRequest>("application/json").Produces<Done>().Produces<ApiError>(400);
        session.MapPost("/archive", ArchiveAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapDelete("", DeleteAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapPost("/abort", AbortAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapPost("/permission-mode", SetModeAsync).Accepts<PermissionModeRequest>("application/json").Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/model", SetModelAsync).Accepts<ModelRequest>("application/json").Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/effort", SetEffortAsync).Accepts<EffortRequest>("application/json").Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
    }

    private static async Task<IResult> ListAsync(HttpContext context, SessionStore sessions)
    {
        var all = await sessions.ListAsync(context.Caller().Namespace, context.RequestAborted);
        IEnumerable<SessionSummary> ordered = context.Request.Query["order"] is ["updatedAt"]
            ? all.OrderByDescending(s => s.UpdatedAt)
            : all.OrderByDescending(s => s.GlobalPinned).ThenByDescending(s => s.Pinned).ThenByDescending(s => s.Active)
                .ThenByDescending(s => s.Active ? s.PendingRequestsCount : 0).ThenByDescending(s => s.UpdatedAt);
        if (double.TryParse(context.Request.Query["limit"], System.Globalization.CultureInfo.InvariantCulture, out var limit) && !double.IsNaN(limit))
        {
            ordered = ordered.Take((int)Math.Clamp(Math.Floor(limit), 1, MaxListed));
        }

        return Bodies.Ok(new SessionList([.. ordered]), ApiJson.Default.SessionList);
    }

    private static async Task<IResult> RenameAsync(HttpContext context, string id, SessionStore sessions) =>
        await Bodies.ReadAsync(context, ApiJson.Default.RenameRequest) is { Name: { Length: >= 1 and <= MaxName } name }
            ? Found(await sessions.RenameAsync(id, name, context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> SummaryAsync(HttpContext context, string id, SessionStore sessions) =>
        (await Bodies.ReadAsync(context, ApiJson.Default.SummaryRequest))?.Text?.Trim() is { Length: >= 1 and <= MaxName } text
            ? Found(await sessions.SetSummaryAsync(id, text, context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> PinAsync(HttpContext context, string id, SessionStore sessions) =>
        await Bodies.ReadAsync(context, ApiJson.Default.PinRequest) is { Mode: "none" or "project" or "global" } request
            ? Found(await sessions.PinAsync(id, request.Mode, context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> ArchiveAsync(HttpContext context, string id, SessionStore sessions) =>
        await sessions.ArchiveAsync(id, context.Caller().DeviceName, context.RequestAborted) switch
        {
            ArchiveOutcome.Archived => Bodies.Done(),
            ArchiveOutcome.AlreadyArchived => Bodies.Ok(new Done(true, null, true), ApiJson.Default.Done),
            _ => Bodies.Fail(StatusCodes.Status409Conflict, "Session is inactive"),
        };

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, SessionStore sessions) =>
        await sessions.DeleteAsync(id, context.RequestAborted)
            ? Bodies.Done()
            : Bodies.Fail(StatusCodes.Status409Conflict, "The session is active. Archive it first.");

    private static async Task<IResult> AbortAsync(HttpContext context, string id, CommandDesk desk) =>
        Sent(await desk.AbortAsync(id, "User aborted", context.Caller().DeviceName, context.RequestAborted));

    private static async Task<IResult> SetModeAsync(HttpContext context, string id, CommandDesk desk)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.PermissionModeRequest) is not { Mode: { Length: >= 1 and <= MaxName } mode })
        {
            return Bodies.Invalid();
        }

        // Without a list of the agent's modes the process decides.
        return context.Session().AvailableModes is { } offered && !offered.Any(m => m.Id == mode)
            ? Bodies.Fail(StatusCodes.Status400BadRequest, "This session does not offer that mode.", ErrorCodes.ModeNotOffered)
            : Sent(await desk.ConfigureAsync(id, new ConfigSetCommand(PermissionMode: mode), context.Caller().DeviceName, context.RequestAborted));
    }

    private static async Task<IResult> SetModelAsync(HttpContext context, string id, CommandDesk desk)
    {
        var request = await Bodies.ReadAsync(context, ApiJson.Default.ModelRequest);
        if (request is null || !ReadModel(request.Model, out var model))
        {
            return Bodies.Invalid();
        }

        return Sent(await desk.ConfigureAsync(id, new ConfigSetCommand(Model: model, ClearModel: model is null), context.Caller().DeviceName, context.RequestAborted));
    }

    // A name, a {provider, modelId} pair, or null for the agent's own choice.
    private static bool ReadModel(RawJson? json, out string? model)
    {
        model = null;
        if (json is not { IsNull: false } given)
        {
            return true;
        }

        var element = given.ToElement();
        model = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString()?.Trim(),
            JsonValueKind.Object when element.TryGetProperty("modelId", out var id) && id.ValueKind is JsonValueKind.String => id.GetString()?.Trim(),
            _ => "",
        };
        return !string.IsNullOrEmpty(model);
    }

    private static async Task<IResult> SetEffortAsync(HttpContext context, string id, CommandDesk desk)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.EffortRequest) is not { } request || request.Effort is { } given && given.Trim().Length == 0)
        {
            return Bodies.Invalid();
        }

        var config = new ConfigSetCommand(Effort: request.Effort?.Trim(), ClearEffort: request.Effort is null);
        return Sent(await desk.ConfigureAsync(id, config, context.Caller().DeviceName, context.RequestAborted));
    }

    private static IResult Found(bool found) => found ? Bodies.Done() : Bodies.Fail(StatusCodes.Status404NotFound, "Session not found");

    internal static IResult Sent(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Ended => Bodies.Inactive(),
        SendOutcome.Pending => Bodies.Done("pending"),
        _ => Bodies.Done(),
    };
}
