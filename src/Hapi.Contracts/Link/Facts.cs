namespace Hapi.Contracts.Link;

/// <summary>Something that happened in a session. <c>At</c> is milliseconds since 1970. <c>Kind</c> is written first.</summary>
public abstract record Fact([property: System.Text.Json.Serialization.JsonPropertyOrder(-1)] string Kind, long At);

public sealed record MachineIdentity(string Id, RawJson Metadata);

public sealed record SessionOpened(
    long At, string Tag, string Flavor, RawJson Metadata, RawJson AgentState, MachineIdentity Machine,
    string? Model = null, string? Effort = null, string? PermissionMode = null) : Fact(FactKinds.SessionOpened, At);

/// <summary>One chat row; <c>Content</c> is a whole envelope (<c>{role, content, meta?}</c>).</summary>
public sealed record MessageFact(long At, RawJson Content, string? LocalId = null) : Fact(FactKinds.Message, At);

public sealed record MetadataPatch(long At, IReadOnlyDictionary<string, RawJson>? Set, IReadOnlyList<string>? Remove = null) : Fact(FactKinds.MetadataPatch, At);

public sealed record StatePatch(long At, IReadOnlyDictionary<string, RawJson>? Set, IReadOnlyList<string>? Remove = null) : Fact(FactKinds.StatePatch, At);

/// <summary>The agent asks a person. <c>Id</c> is the agent's tool-call id; <c>Options</c> are the choices the agent itself offers, when it does.</summary>
public sealed record RequestOpened(long At, string Id, string Tool, RawJson Arguments, IReadOnlyList<RequestOption>? Options = null) : Fact(FactKinds.RequestOpened, At);

public sealed record RequestOption(string Id, string Label, string Kind);

public sealed record RequestClosed(
    long At, string Id, string Status, string? Reason = null, string? Mode = null, string? Decision = null,
    IReadOnlyList<string>? AllowTools = null, RawJson? Answers = null, string? By = null) : Fact(FactKinds.RequestClosed, At);

public sealed record MessagesConsumed(long At, IReadOnlyList<string> LocalIds, bool? Steered = null) : Fact(FactKinds.MessagesConsumed, At);

public sealed record MessagesRequeued(long At, IReadOnlyList<string> LocalIds) : Fact(FactKinds.MessagesRequeued, At);

public sealed record MessagesIndeterminate(long At, IReadOnlyList<string> LocalIds) : Fact(FactKinds.MessagesIndeterminate, At);

public sealed record CommandAccepted(long At, string Id) : Fact(FactKinds.CommandAccepted, At);

public sealed record CommandRefused(long At, string Id, string Code, string? Message = null) : Fact(FactKinds.CommandRefused, At);

public sealed record SessionReady(long At) : Fact(FactKinds.SessionReady, At);

public sealed record SessionEnded(long At, string Reason, string ArchivedBy, string ArchiveReason, int ExitCode) : Fact(FactKinds.SessionEnded, At);

public sealed record AuditFact(long At, string Actor, string Action, string? Subject = null, RawJson? Detail = null) : Fact(FactKinds.Audit, At);
