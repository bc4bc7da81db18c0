namespace Hapi.Contracts.Link;

/// <summary>Something wanted of a session: a durable row at the hub, applied once by <c>Id</c>. <c>By</c> names the device that asked.</summary>
public sealed record Command(string Id, string Kind, long At, RawJson Body, string? By = null);

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
