namespace Hapi.Contracts.Link;

/// <summary>Something wanted of a session: a durable row at the hub, applied once by <c>Id</c>. <c>By</c> names the device that asked.</summary>
public sealed record Command(string Id, string Kind, long At, RawJson Body, string? By = null);

/// <summary>The <c>kind</c> member of each command.</summary>
public static class CommandKinds
{
    public const string Message = "message";
    public const string MessageCancel = "message.cancel";
    public const string MessageRetry = "message.retry";
    public const string PermissionAnswer = "permission.answer";
    public const string ConfigSet = "config.set";
    public const string Abort = "abort";
    public const string Switch = "switch";
    public const string Stop = "stop";
}

/// <summary>Why a session refused a command: the <c>code</c> of <see cref="CommandRefused"/>.</summary>
public static class CommandRefusals
{
    public const string Consumed = "consumed";
    public const string InFlight = "in_flight";
    public const string Indeterminate = "indeterminate";
    public const string NotFound = "not_found";
    public const string RequestAlreadyClosed = "request_already_closed";
    public const string RequestUnknown = "request_unknown";
    public const string NotSupported = "not_supported";
    public const string AgentRefused = "agent_refused";
    public const string UnknownKind = "unknown_kind";
    public const string InvalidBody = "invalid_body";
    public const string SessionEnding = "session_ending";
}

public sealed record MessageCommand(string MessageId, string? LocalId, long Seq, long CreatedAt, RawJson Content, long? ScheduledAt = null);

public sealed record MessageRetryCommand(string MessageId, string? LocalId, long CreatedAt, RawJson Content);

public sealed record MessageCancelCommand(string MessageId, string? LocalId);

public sealed record PermissionAnswerCommand(
    string RequestId, bool Approved, string? Reason = null, string? Mode = null, IReadOnlyList<string>? AllowTools = null, string? Decision = null, RawJson? Answers = null);

public sealed record ConfigSetCommand(
    string? PermissionMode = null, string? Model = null, bool ClearModel = false, string? Effort = null, bool ClearEffort = false, string? ModelReasoningEffort = null);

public sealed record AbortCommand(string Reason);

public sealed record SwitchCommand(string To);

public sealed record StopCommand(string Reason);
