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

/// <summary>The session is over. The labels are those of the archive.</summary>
/// <param name="Cause">What began the end, more exactly than the labels say: <c>sigterm</c>, <c>sigint</c>, <c>sighup</c>, <c>archive</c>, <c>control</c>, <c>handoff</c>, <c>completed</c>, <c>cleared</c>, <c>agent_failed</c>, <c>crashed</c>.</param>
/// <param name="By">Who caused it, where that is known: a device's name, <c>runner</c>, <c>doctor</c>, <c>up</c>.</param>
public sealed record SessionEnded(long At, string Reason, string ArchivedBy, string ArchiveReason, int ExitCode, string? Cause = null, string? By = null) : Fact(FactKinds.SessionEnded, At);

public sealed record AuditFact(long At, string Actor, string Action, string? Subject = null, RawJson? Detail = null) : Fact(FactKinds.Audit, At);

/// <summary>A runner has begun. First fact of each of its generations. <c>RunnerState</c> is an open document.</summary>
public sealed record MachineOpened(long At, MachineIdentity Machine, RawJson RunnerState) : Fact(FactKinds.MachineOpened, At);

/// <summary>Something about the machine or its runner has changed. The members are laid over what is known; the runner state is replaced.</summary>
public sealed record MachinePatch(long At, IReadOnlyDictionary<string, RawJson>? Set, IReadOnlyList<string>? Remove = null, RawJson? RunnerState = null) : Fact(FactKinds.MachinePatch, At);

/// <summary>A session process runs on the machine. <c>StartedBy</c> is <c>terminal</c> or <c>runner</c>.</summary>
public sealed record ProcessStarted(long At, string SessionId, int Pid, long StartTime, string StartedBy) : Fact(FactKinds.ProcessStarted, At);

/// <summary>A session process is proved to be gone (its pid and start time are no process's), and left no word of its own.</summary>
/// <param name="Restarted">The machine has restarted since it was seen last.</param>
public sealed record ProcessDied(long At, string SessionId, int Pid, long StartTime, int? ExitCode = null, bool Restarted = false) : Fact(FactKinds.ProcessDied, At);

/// <summary>The runner has stopped a session process, whatever label that process could write.</summary>
/// <param name="Reason">Why: <c>Stopped by runner</c>, and what led to it in <paramref name="Why"/>.</param>
/// <param name="Outcome"><c>accepted</c>: it ended by itself after the stop call; <c>terminated</c>: after SIGTERM; <c>killed</c>; <c>already_gone</c>; <c>still_alive</c>.</param>
/// <param name="By">Who wanted it: a device's name, <c>cli</c>, <c>runner</c>, <c>doctor</c>.</param>
/// <param name="Why"><c>stop-session</c>, <c>report-timeout</c>, <c>orphan</c>, <c>doctor-clean</c>.</param>
public sealed record ProcessStopped(long At, string SessionId, int Pid, long StartTime, string Reason, string Outcome, string By, string Why) : Fact(FactKinds.ProcessStopped, At);
