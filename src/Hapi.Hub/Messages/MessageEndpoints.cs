using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Api;
using Hapi.Contracts.Link;
using Hapi.Hub.Commands;
using Hapi.Hub.Http;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Messages;

/// <summary>The conversation over HTTP: pages, sending, taking back.</summary>
internal static class MessageEndpoints
{
    private const int MaxStandingIds = 1_000, MaxId = 200;
    private static readonly string[] s_pageQuery = ["limit", "beforeAt", "beforeSeq", "afterAt", "afterSeq", "untilAt", "untilSeq", "epoch"];
    private const long Horizon = 7L * 24 * 60 * 60 * 1000;

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/sessions/{id}/messages").ForSession();
        messages.MapGet("", PageAsync).Produces<Contracts.Messages.MessagePage>().Produces<InvalidBody>(400)
            .WithMetadata([.. s_pageQuery.Select(object (name) => new QueryValue(name, "integer"))]);
        messages.MapPost("", SendAsync).Reads<SendRequest>().Produces<Done>().Produces<InvalidBody>(400).Produces<ApiError>(409);
        messages.MapPost("/queued-state", StandingAsync).Reads<QueuedStateRequest>().Produces<QueuedStateResponse>().Produces<InvalidBody>(400);
        messages.MapDelete("/{messageId}", CancelAsync).Produces<CancelResponse>();
        messages.MapPost("/{messageId}/retry", RetryAsync).Produces<RetryResponse>();
    }

    private static async Task<IResult> PageAsync(HttpContext context, string id, MessagePages pages)
    {
        var query = context.Request.Query;
        var bad = new List<string>();
        long? Number(string name, long min, long max = long.MaxValue)
        {
            if (query[name] is not [{ Length: > 0 } text])
            {
                return null;
            }

            if (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            {
                return value;
            }

            bad.Add(name);
            return null;
        }

        Position? Place(string name)
        {
            var (at, seq) = (Number(name + "At", 0), Number(name + "Seq", 1));
            if (at is null != seq is null)
            {
                bad.Add(name + "At");
            }

            return at is { } a && seq is { } s ? new Position(a, s) : null;
        }

        var wanted = new PageQuery((int)(Number("limit", 1, MessagePages.MaxLimit) ?? MessagePages.DefaultLimit), Place("before"), Place("after"), Place("until"), Number("epoch", 0));
        if (wanted is { Before: not null, After: not null } || (wanted.After is null && (wanted.Until is not null || wanted.Epoch is not null)))
        {
            bad.Add("after");
        }

        return bad.Count > 0
            ? Bodies.Invalid("Invalid query", ErrorCodes.InvalidQuery, bad[0], "It is out of range, or does not go with the others.")
            : Bodies.Ok(await pages.ReadAsync(id, wanted, context.RequestAborted), ApiJson.Default.MessagePage);
    }

    private static async Task<IResult> SendAsync(HttpContext context, string id, CommandDesk desk, TimeProvider time)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.SendRequest) is not { Text: { } text } request)
        {
            return Bodies.Invalid("Invalid body", ErrorCodes.InvalidBody, "text", "Required");
        }

        var attachments = request.Attachments ?? [];
        if (Fault(request, attachments.Count, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } fault)
        {
            return Bodies.Invalid("Invalid body", ErrorCodes.InvalidBody, fault.Field, fault.Problem);
        }

        if (text.Length == 0 && attachments.Count == 0)
        {
            return Bodies.Fail(StatusCodes.Status400BadRequest, "Message requires text or attachments", ErrorCodes.InvalidBody);
        }

        var body = new JsonObject { ["type"] = "text", ["text"] = text };
        if (attachments.Count > 0)
        {
            body["attachments"] = JsonSerializer.SerializeToNode(attachments, ApiJson.Default.IReadOnlyListAttachment);
        }

        var content = new JsonObject
        {
            ["role"] = "user",
            ["content"] = body,
            ["meta"] = new JsonObject { ["sentFrom"] = "webapp", ["deliveryMode"] = "queue" },
        };
        var raw = JsonObjects.Raw(content);
        // It travels to the process in one frame.
        return raw.Utf8.Length > LinkLimits.MaxFactBytes
            ? Bodies.Fail(StatusCodes.Status413PayloadTooLarge, $"A message has at most {LinkLimits.MaxFactBytes} bytes.", ErrorCodes.MessageTooLarge)
            : SessionEndpoints.Sent(await desk.SendAsync(id, raw, request.LocalId, request.ScheduledAt, context.Caller().DeviceName, context.RequestAborted));
    }

    private static (string Field, string Problem)? Fault(SendRequest request, int attachments, long now) => request switch
    {
        { LocalId: { } localId } when !IsLocalId(localId) => ("localId", $"It must have 1 to {MaxId} characters, none of them control characters."),
        { DeliveryMode: not (null or "queue" or "steer") } => ("deliveryMode", "It must be queue or steer."),
        { ScheduledAt: <= 0 } => ("scheduledAt", "It must be a time."),
        { ScheduledAt: { } at } when at > now + Horizon => ("scheduledAt", "It may be at most seven days ahead."),
        { ScheduledAt: not null, LocalId: null } => ("scheduledAt", "It needs a localId."),
        { ScheduledAt: not null } when attachments > 0 || request.DeliveryMode is "steer" => ("scheduledAt", "A scheduled message has no attachments and does not steer."),
        { Attachments: { } all } when all.Any(a => a is not { Id: not null, Filename: not null, MimeType: not null, Path: not null, Size: >= 0 }) => ("attachments", "Each needs an id, a filename, a mimeType, a size and a path."),
        _ => null,
    };

    private static bool IsLocalId(string text) => text.Length is >= 1 and <= MaxId && !text.Any(char.IsControl);

    private static async Task<IResult> StandingAsync(HttpContext context, string id, MessagePages pages)
    {
        if (await Bodies.ReadAsync(context, ApiJson.Default.QueuedStateRequest) is not { LocalIds: { Count: <= MaxStandingIds } ids } || ids.Any(string.IsNullOrEmpty))
        {
            return Bodies.Invalid("Invalid body", ErrorCodes.InvalidBody, "localIds", $"It must be a list of at most {MaxStandingIds} ids.");
        }

        var (queued, unknown, invoked) = await pages.StandingAsync(id, [.. ids.Where(IsLocalId).Distinct(StringComparer.Ordinal)], context.RequestAborted);
        return Bodies.Ok(new QueuedStateResponse(queued, unknown, [.. invoked.Select(m => new InvokedMessage(m.LocalId!, m.InvokedAt!.Value))]), ApiJson.Default.QueuedStateResponse);
    }

    private static async Task<IResult> RetryAsync(HttpContext context, string id, string messageId, CommandDesk desk)
    {
        var (outcome, message) = await desk.RetryAsync(id, messageId, context.Caller().DeviceName, context.RequestAborted);
        return Bodies.Ok(outcome switch
        {
            RetryOutcome.Retried => new RetryResponse("retried", message?.LocalId),
            RetryOutcome.AlreadyQueued => new RetryResponse("already-queued", message?.LocalId),
            RetryOutcome.Unavailable => new RetryResponse("retry-unavailable", message?.LocalId),
            RetryOutcome.Invoked => new RetryResponse("invoked", Message: message),
            _ => new RetryResponse("not-found"),
        }, ApiJson.Default.RetryResponse);
    }

    private static async Task<IResult> CancelAsync(HttpContext context, string id, string messageId, CommandDesk desk)
    {
        var (outcome, message) = await desk.CancelAsync(id, messageId, context.Caller().DeviceName, context.RequestAborted);
        return Bodies.Ok(new CancelResponse(
            outcome switch { CancelOutcome.Cancelled => "cancelled", CancelOutcome.Invoked => "invoked", _ => "busy" },
            message?.LocalId, outcome is CancelOutcome.Invoked ? message : null), ApiJson.Default.CancelResponse);
    }
}
