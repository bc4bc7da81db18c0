using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Http;

namespace Hapi.Hub.Commands;

/// <summary>A person's answers to what agents ask.</summary>
internal static class PermissionEndpoints
{
    public static void MapPermissions(this IEndpointRouteBuilder routes)
    {
        var request = routes.MapGroup("/api/sessions/{id}/permissions/{requestId}").ForSession();
        request.MapPost("/approve", ApproveAsync).Reads<ApproveRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(404).Produces<ApiError>(409);
        request.MapPost("/deny", DenyAsync).Reads<DenyRequest>().Produces<Done>().Produces<ApiError>(400).Produces<ApiError>(404).Produces<ApiError>(409);
    }

    private static async Task<IResult> ApproveAsync(HttpContext context, string id, string requestId, CommandDesk desk)
    {
        var body = await Bodies.ReadOrAsync(context, new ApproveRequest(), ApiJson.Default.ApproveRequest);
        if (body is not { Decision: null or "approved" or "approved_for_session" or "denied" or "abort" })
        {
            return Bodies.Invalid();
        }

        var approved = body.Decision is not ("denied" or "abort");
        return await AnswerAsync(context, id, new PermissionAnswerCommand(requestId, approved, null, body.Mode, body.AllowTools, body.Decision ?? "approved", body.Answers), desk);
    }

    private static async Task<IResult> DenyAsync(HttpContext context, string id, string requestId, CommandDesk desk)
    {
        var body = await Bodies.ReadOrAsync(context, new DenyRequest(), ApiJson.Default.DenyRequest);
        if (body is not { Decision: null or "denied" or "abort" } || body.Reason?.Length > 10_000)
        {
            return Bodies.Invalid();
        }

        return await AnswerAsync(context, id, new PermissionAnswerCommand(requestId, Approved: false, body.Reason, Decision: body.Decision ?? "denied"), desk);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, string id, PermissionAnswerCommand answer, CommandDesk desk)
    {
        var (outcome, winner) = await desk.AnswerAsync(id, answer, Asker.Of(context), context.RequestAborted);
        return outcome switch
        {
            AnswerOutcome.Stored => Bodies.Done(),
            AnswerOutcome.Pending => Bodies.Done("pending"),
            AnswerOutcome.Ended => Bodies.Inactive(),
            AnswerOutcome.AlreadyAnswered => Bodies.Answer(StatusCodes.Status409Conflict,
                new ApiError("This request has been answered already.", ErrorCodes.RequestAlreadyAnswered, winner?.Decision, winner?.By), ApiJson.Default.ApiError),
            AnswerOutcome.ModeNotOffered => Bodies.Fail(StatusCodes.Status400BadRequest, "This session does not offer that mode.", ErrorCodes.ModeNotOffered),
            _ => Bodies.Fail(StatusCodes.Status404NotFound, "Request not found", ErrorCodes.RequestNotFound),
        };
    }
}
