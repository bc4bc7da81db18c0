namespace Hapi.Contracts.Link;

/// <summary>The first request on a link. <c>Role</c> is <c>session</c> or <c>runner</c>.</summary>
public sealed record HelloRequest(
    int Protocol, string Role, string? SessionId, string? MachineId, long Generation, LinkVersions? Versions, IReadOnlyList<long>? Older = null);

public sealed record LinkVersions(string Hapi);

public sealed record HubIdentity(string Id, string Version);

/// <summary><c>Through</c> is the last fact of this generation that is applied, 0 for none.</summary>
public sealed record HelloResult(
    int Protocol, long Through, HubIdentity Hub, int Commands, IReadOnlyDictionary<string, long>? OlderThrough = null);

/// <summary>Facts as their raw bytes, numbered <c>First</c>, <c>First</c> + 1, ….</summary>
public sealed record AppendBatch(string SessionId, long Generation, long First, IReadOnlyList<RawJson> Facts);

public sealed record AckNotice(string SessionId, long Generation, long Through);

public sealed record RefuseNotice(string SessionId, long Generation, long N, string Code, string Message);

public sealed record DeliverBatch(string SessionId, IReadOnlyList<Command> Commands);

public sealed record CallRequest(string SessionId, int DeadlineMs, RawJson Args);

public sealed record LiveUpdate(string SessionId, Presence? Presence = null, IReadOnlyList<LiveStream>? Streams = null, LiveFault? Fault = null);

/// <summary>What a session is doing and how it is set, as of now.</summary>
public sealed record Presence(
    bool Thinking,
    long? TurnStartedAt = null,
    string Mode = "remote",
    string? PermissionMode = null,
    string? Model = null,
    string? Effort = null,
    string? ModelReasoningEffort = null,
    IReadOnlyList<ModeOption>? AvailableModes = null,
    IReadOnlyList<ModelOption>? AvailableModels = null);

public sealed record ModeOption(string Id, string Label, string Tone = "neutral");

public sealed record ModelOption(string Id, string Label);

/// <summary>The newest snapshot of a text the agent is writing. <c>Kind</c> is <c>text</c> or <c>reasoning</c>; <c>Parent</c> is the call id of the sub-agent that writes it.</summary>
public sealed record LiveStream(string Id, [property: System.ComponentModel.DataAnnotations.AllowedValues("text", "reasoning")] string Kind, string Text, string? Parent = null);

public sealed record LiveFault(string Code, string Message);
