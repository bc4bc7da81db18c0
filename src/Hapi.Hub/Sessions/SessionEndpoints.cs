using System.Text.Json;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
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
        session.MapGet("", DetailAsync).Produces<SessionDetail>().Produces<ApiError>(404);
        session.MapPatch("", RenameAsync).Reads<RenameRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPatch("/summary", SummaryAsync).Reads<SummaryRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPut("/pin", PinAsync).Reads<PinRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/archive", ArchiveAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapDelete("", DeleteAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapPost("/abort", AbortAsync).Produces<Done>().Produces<ApiError>(409);
        session.MapPost("/permission-mode", SetModeAsync).Reads<PermissionModeRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/model", SetModelAsync).Reads<ModelRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/model-reasoning-effort", SetReasoningAsync).Reads<ReasoningEffortRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
        session.MapPost("/effort", SetEffortAsync).Reads<EffortRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(409);
    }

    private static async Task<IResult> ListAsync(HttpContext context, SessionIndex index)
    {
        var limit = double.TryParse(context.Request.Query["limit"], System.Globalization.CultureInfo.InvariantCulture, out var n) && !double.IsNaN(n) ? (int?)Math.Clamp(Math.Floor(n), 1, MaxListed) : null;
        return new JsonAnswer(await index.ListAsync(context.Caller().Namespace, context.Request.Query["order"] is ["updatedAt"], limit, context.RequestAborted));
    }

    private static async Task<IResult> DetailAsync(HttpContext context, string id, SessionStore sessions) =>
        await sessions.FindAsync(id, context.RequestAborted) is { } session ? Bodies.Ok(new SessionDetail(session), ApiJson.Default.SessionDetail) : Callers.Refuse(Access.Missing);

    private static async Task<IResult> RenameAsync(HttpContext context, string id, SessionStore sessions) =>
        await Bodies.ReadAsync(context, ApiJson.Default.RenameRequest) is { Name: { Length: >= 1 and <= MaxName } name }
            ? Found(await sessions.RenameAsync(id, name, Asker.Of(context), context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> SummaryAsync(HttpContext context, string id, SessionStore sessions) =>
        (await Bodies.ReadAsync(context, ApiJson.Default.SummaryRequest))?.Text?.Trim() is { Length: >= 1 and <= MaxName } text
            ? Found(await sessions.SetSummaryAsync(id, text, Asker.Of(context), context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> PinAsync(HttpContext context, string id, SessionStore sessions) =>
        await Bodies.ReadAsync(context, ApiJson.Default.PinRequest) is { Mode: "none" or "project" or "global" } request
            ? Found(await sessions.PinAsync(id, request.Mode, context.RequestAborted))
            : Bodies.Invalid();

    private static async Task<IResult> ArchiveAsync(HttpContext context, string id, SessionStore sessions) =>
        await sessions.ArchiveAsync(id, Asker.Of(context), context.RequestAborted) switch
        {
            ArchiveOutcome.Archived => Bodies.Done(),
            ArchiveOutcome.AlreadyArchived => Bodies.Ok(new Done(true, null, true), ApiJson.Default.Done),
            _ => Bodies.Fail(StatusCodes.Status409Conflict, "Session is inactive"), // without a code: there is nothing to reopen
        };

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, SessionStore sessions) =>
        await sessions.DeleteAsync(id, Asker.Of(context), context.RequestAborted)
            ? Bodies.Done()
            : Bodies.Fail(StatusCodes.Status409Conflict, "The session is active. Archive it first.", ErrorCodes.SessionActive);

    private static async Task<IResult> AbortAsync(HttpContext context, string id, CommandDesk desk) =>
        Sent(await desk.AbortAsync(id, "User aborted", context.Caller().DeviceName, context.RequestAborted));

    private static async Task<IResult> SetModeAsync(HttpContext context, string id, CommandDesk desk, LiveSessions live)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.PermissionModeRequest) is not { Mode: { Length: >= 1 and <= MaxName } mode })
        {
            return Bodies.Invalid();
        }

        // Without a list of the agent's modes the process decides.
        return live.Of(id).Presence?.AvailableModes is { } offered && !offered.Any(m => m.Id == mode)
            ? Bodies.Fail(StatusCodes.Status400BadRequest, "This session does not offer that mode.", ErrorCodes.ModeNotOffered)
            : await ConfigureAsync(context, id, desk, new ConfigSetCommand(PermissionMode: mode));
    }

    private static async Task<IResult> SetModelAsync(HttpContext context, string id, CommandDesk desk) =>
        await Bodies.MemberAsync(context, "model") is { } given && ReadModel(given, out var model)
            ? await ConfigureAsync(context, id, desk, new ConfigSetCommand(Model: model, ClearModel: model is null))
            : Bodies.Invalid();

    private static async Task<IResult> SetEffortAsync(HttpContext context, string id, CommandDesk desk) =>
        await Bodies.MemberAsync(context, "effort") is { } given && ReadChoice(given, out var effort)
            ? await ConfigureAsync(context, id, desk, new ConfigSetCommand(Effort: effort, ClearEffort: effort is null))
            : Bodies.Invalid();

    // To a process the effort of reasoning is its effort, so taking it back takes back the same.
    private static async Task<IResult> SetReasoningAsync(HttpContext context, string id, CommandDesk desk) =>
        await Bodies.MemberAsync(context, "modelReasoningEffort") is { } given && ReadChoice(given, out var effort)
            ? await ConfigureAsync(context, id, desk, new ConfigSetCommand(ModelReasoningEffort: effort, ClearEffort: effort is null))
            : Bodies.Invalid();

    private static async Task<IResult> ConfigureAsync(HttpContext context, string id, CommandDesk desk, ConfigSetCommand config)
    {
        var (outcome, refusal) = await desk.ConfigureAsync(id, config, Asker.Of(context), context.RequestAborted);
        return outcome is SendOutcome.Refused
            ? Bodies.Fail(StatusCodes.Status409Conflict, "The session would not be set that way.", refusal)
            : Sent(outcome);
    }

    // A name, a {provider, modelId} pair, or null for the agent's own choice.
    private static bool ReadModel(JsonElement given, out string? model)
    {
        if (given.ValueKind is not JsonValueKind.Object)
        {
            return ReadChoice(given, out model);
        }

        model = null;
        return given.TryGetProperty("provider", out var provider) && ReadChoice(provider, out var from) && from is not null
            && given.TryGetProperty("modelId", out var name) && ReadChoice(name, out model) && model is not null;
    }

    // A text, or null for the agent's own choice.
    private static bool ReadChoice(JsonElement given, out string? choice)
    {
        choice = Bodies.Text(given)?.Trim();
        return given.ValueKind is JsonValueKind.Null || choice is { Length: >= 1 and <= MaxName };
    }

    private static IResult Found(bool found) => found ? Bodies.Done() : Callers.Refuse(Access.Missing);

    internal static IResult Sent(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Ended => Bodies.Inactive(),
        SendOutcome.Pending => Bodies.Done("pending"),
        _ => Bodies.Done(),
    };
}
