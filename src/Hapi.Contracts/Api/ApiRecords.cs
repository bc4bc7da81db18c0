using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Contracts.Messages;
using Hapi.Contracts.Sessions;

namespace Hapi.Contracts.Api;

/// <summary>A refusal. <c>Code</c> is stable; <c>Error</c> is for people.</summary>
public sealed record ApiError(string Error, string? Code = null, string? Decision = null, string? By = null);

public sealed record InvalidBody(string Error, Issues Issues, string? Code = null);

/// <summary>What was wrong with a request, for developers.</summary>
public sealed record Issues(IReadOnlyList<string> FormErrors, IReadOnlyDictionary<string, IReadOnlyList<string>> FieldErrors);

public sealed record Health(string Status, int ProtocolVersion, Capabilities Capabilities, string Hub);

public sealed record Capabilities(bool WorkGraph, bool TitleSuggestion);

public sealed record AuthRequest(string? AccessToken);

/// <param name="Hub">Which hub it is, for whoever may come in.</param>
public sealed record AuthResponse(string Token, AuthUser User, HubIdentity? Hub = null);

public sealed record AuthUser(long Id, string FirstName);

public sealed record PairRequest(string? Code, string? Name = null);

/// <summary>The device's access token is shown this once.</summary>
public sealed record PairResponse(string Token, PairedDevice Device);

public sealed record PairedDevice(string Id, string Name);

/// <summary><c>Namespace</c> is where the device will live; absent is the owner's.</summary>
public sealed record PairingCodeRequest(string? Name = null, string? Namespace = null);

/// <summary>A one-time code and the link that carries it in its fragment.</summary>
public sealed record PairingCodeResponse(string Code, long ExpiresAt);

public sealed record Device(string Id, string Name, string Namespace, long CreatedAt, long? LastSeenAt, bool Revoked);

public sealed record DeviceList(IReadOnlyList<Device> Devices);

public sealed record SessionList(IReadOnlyList<SessionSummary> Sessions);

public sealed record SessionDetail(Session Session);

public sealed record MachineList(IReadOnlyList<Machine> Machines);

/// <summary><c>Delivery</c> is <c>pending</c> when the process is out of reach and gets it later.</summary>
public sealed record Done(bool Ok = true, [property: AllowedValues("pending")] string? Delivery = null, bool? AlreadyArchived = null);

public sealed record RenameRequest(string? Name);

public sealed record SummaryRequest(string? Text);

public sealed record PinRequest([property: AllowedValues("none", "project", "global")] string? Mode);

public sealed record SendRequest(string? Text, string? LocalId = null, IReadOnlyList<Attachment>? Attachments = null, long? ScheduledAt = null,
    [property: AllowedValues("queue", "steer")] string? DeliveryMode = null);

public sealed record Attachment(string Id, string Filename, string MimeType, long Size, string Path, string? PreviewUrl = null);

/// <summary><c>Status</c> is <c>cancelled</c>, <c>invoked</c> or <c>busy</c>.</summary>
public sealed record CancelResponse([property: AllowedValues("cancelled", "invoked", "busy")] string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LocalId, ChatMessage? Message = null);

/// <summary><c>LocalId</c> is absent when there is no such message, or it was handed over already.</summary>
public sealed record RetryResponse([property: AllowedValues("retried", "already-queued", "retry-unavailable", "invoked", "not-found")] string Status, string? LocalId = null, ChatMessage? Message = null);

public sealed record QueuedStateRequest(IReadOnlyList<string>? LocalIds);

public sealed record QueuedStateResponse(IReadOnlyList<string> QueuedLocalIds, IReadOnlyList<string> IndeterminateLocalIds, IReadOnlyList<InvokedMessage> InvokedLocalMessages);

public sealed record InvokedMessage(string LocalId, long InvokedAt);

public sealed record ApproveRequest(string? Mode = null, IReadOnlyList<string>? AllowTools = null,
    [property: AllowedValues("approved", "approved_for_session", "denied", "abort")] string? Decision = null,
    RawJson? Answers = null);

public sealed record DenyRequest([property: AllowedValues("denied", "abort")] string? Decision = null, string? Reason = null);

public sealed record PermissionModeRequest(string? Mode);

/// <summary>A name, <c>{provider, modelId}</c>, or an explicit null for the agent's own choice.</summary>
public sealed record ModelRequest(RawJson? Model);

public sealed record ReasoningEffortRequest(string? ModelReasoningEffort);

public sealed record EffortRequest(string? Effort);

public sealed record VisibilityRequest(string? SubscriptionId, [property: AllowedValues("visible", "hidden")] string? Visibility);

/// <summary>A question to the process that failed there, or never got there. The status is 200: the route itself worked.</summary>
public sealed record CallFailed(bool Success, string Error);
