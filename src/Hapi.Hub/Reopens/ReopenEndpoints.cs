using Hapi.Contracts.Api;
using Hapi.Hub.Audit;
using Hapi.Hub.Http;
using Hapi.Hub.Machines;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Reopens;

/// <summary>Bringing sessions back over HTTP, and handing one to a terminal.</summary>
internal static class ReopenEndpoints
{
    public static void MapReopens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/sessions/reopen-interrupted", ReopenAllAsync).Reads<ReopenAllRequest>().Produces<ReopenAllResponse>().Produces<ApiError>(400).Produces<ApiError>(404);
        var session = routes.MapGroup("/api/sessions/{id}").ForSession();
        session.MapPost("/resume", ResumeAsync).Reads<ResumeRequest>().Produces<ResumeResponse>().Produces<ApiError>(400).Produces<ApiError>(409).Produces<ApiError>(500).Produces<ApiError>(503);
        session.MapPost("/reopen", ReopenAsync).Produces<ReopenResponse>().Produces<ApiError>(409).Produces<ApiError>(500).Produces<ApiError>(503);
        session.MapPost("/handoff-local", HandOffAsync).Produces<Done>().Produces<ApiError>(409).Produces<ApiError>(500);
    }

    private static async Task<IResult> ResumeAsync(HttpContext context, string id, ReopenDesk desk)
    {
        // A body that cannot be read means "no options".
        var mode = (await Bodies.ReadAsync(context, ApiJson.Default.ResumeRequest))?.PermissionMode;
        if (!SpawnEndpoint.Fits(mode))
        {
            return Bodies.Invalid();
        }

        var outcome = await desk.ReopenAsync(new ReopenWish(id, context.Caller().DeviceName, mode, Asker: Asker.Of(context)), context.RequestAborted);
        return outcome.Code is null ? Bodies.Ok(new ResumeResponse("success", id), ApiJson.Default.ResumeResponse) : Refuse(outcome);
    }

    private static async Task<IResult> ReopenAsync(HttpContext context, string id, ReopenDesk desk)
    {
        var outcome = await desk.ReopenAsync(new ReopenWish(id, context.Caller().DeviceName, Asker: Asker.Of(context)), context.RequestAborted);
        return outcome.Code is null ? Bodies.Ok(new ReopenResponse(true, id, outcome.Resumed), ApiJson.Default.ReopenResponse) : Refuse(outcome);
    }

    private static async Task<IResult> ReopenAllAsync(HttpContext context, InterruptedReopens reopens, HubReader reader)
    {
        var @namespace = context.Caller().Namespace;
        if (await Bodies.ReadOrAsync(context, new ReopenAllRequest(), ApiJson.Default.ReopenAllRequest) is not { } request)
        {
            return Bodies.Invalid();
        }

        if (request.MachineId is { } machine && MachineEndpoints.Refuse(await reader.ReadAsync(sql => MachineRows.Find(sql, machine), context.RequestAborted), @namespace) is { } refusal)
        {
            return refusal;
        }

        var sessions = await reopens.ForPersonAsync(@namespace, request.MachineId, Asker.Of(context), context.RequestAborted);
        return Bodies.Ok(new ReopenAllResponse(true, sessions), ApiJson.Default.ReopenAllResponse);
    }

    private static async Task<IResult> HandOffAsync(HttpContext context, string id, LocalHandOff handOff) => await handOff.HandOffAsync(id, context.Caller().DeviceName, context.RequestAborted) switch
    {
        null => Bodies.Done(),
        { } refusal => Bodies.Fail(refusal.Code is ErrorCodes.AlreadyLocal ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError, refusal.Message, refusal.Code),
    };

    private static IResult Refuse(ReopenOutcome outcome) => Bodies.Fail(outcome.Code switch
    {
        ErrorCodes.NoMachineOnline => StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.ResumeUnavailable => StatusCodes.Status409Conflict,
        ErrorCodes.SessionNotFound => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status500InternalServerError,
    }, outcome.Message!, outcome.Code);
}
