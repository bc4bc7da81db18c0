namespace Hapi.Contracts.Link;

/// <summary>The first request on a link. A session and a courier name a session, a runner names its machine.</summary>
/// <param name="Role">One of <see cref="LinkRoles"/>.</param>
public sealed record HelloRequest(
    int Protocol, string Role, string? SessionId, string? MachineId, long Generation, LinkVersions? Versions, IReadOnlyList<long>? Older = null);

public sealed record LinkVersions(string Hapi);

public sealed record HubIdentity(string Id, string Version);

/// <summary><c>Through</c> is the last fact of this generation that is applied, 0 for none.</summary>
public sealed record HelloResult(
    int Protocol, long Through, HubIdentity Hub, int Commands, IReadOnlyDictionary<string, long>? OlderThrough = null);

/// <summary>Facts as their raw bytes, numbered <c>First</c>, <c>First</c> + 1, …. <c>Owner</c> is whose facts they are: the id of the hello's session or machine.</summary>
public sealed record AppendBatch(string Owner, long Generation, long First, IReadOnlyList<RawJson> Facts);

public sealed record AckNotice(string Owner, long Generation, long Through);

public sealed record RefuseNotice(string Owner, long Generation, long N, string Code, string Message);

public sealed record DeliverBatch(string SessionId, IReadOnlyList<Command> Commands);

public sealed record CallRequest(string Owner, int DeadlineMs, RawJson Args);

public sealed record LiveUpdate(string SessionId, Presence? Presence = null, IReadOnlyList<LiveStream>? Streams = null, LiveFault? Fault = null);

/// <summary>A runner's <c>live</c>: how its machine is, as of now.</summary>
public sealed record MachineLive(string MachineId, Machines.MachineHealth? Health);

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
