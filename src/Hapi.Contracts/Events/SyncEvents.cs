using System.Text.Json.Serialization;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Contracts.Messages;
using Hapi.Contracts.Sessions;

namespace Hapi.Contracts.Events;

/// <summary>The frames of <c>GET /api/events</c>. <c>Type</c> is the first member; clients ignore types they do not know.</summary>
public abstract record SyncEvent([property: JsonPropertyOrder(-1)] string Type);

/// <summary>A whole session; a client replaces what it has.</summary>
public sealed record SessionUpdated(string SessionId, string Namespace, Session Data) : SyncEvent("session-updated");

/// <summary>Some values of a session.</summary>
public sealed record SessionPatched(string SessionId, string Namespace, SessionPatch Data) : SyncEvent("session-updated");

public sealed record SessionRemoved(string SessionId, string Namespace) : SyncEvent("session-removed");

public sealed record SessionEndedEvent(string SessionId, string Namespace, string? Reason) : SyncEvent("session-ended");

public sealed record MessageReceived(string SessionId, string Namespace, ChatMessage Message) : SyncEvent("message-received");

public sealed record MessagesConsumedEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds, long InvokedAt, bool? Steered = null) : SyncEvent("messages-consumed");

public sealed record MessagesIndeterminateEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds) : SyncEvent("messages-indeterminate");

public sealed record MessagesRequeuedEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds) : SyncEvent("messages-requeued");

public sealed record MessageCancelledEvent(string SessionId, string Namespace, string MessageId, string? LocalId) : SyncEvent("message-cancelled");

public sealed record MessagesInvalidated(string SessionId, string Namespace) : SyncEvent("messages-invalidated");

/// <summary>What the agent is writing now: all open streams of the session. Not logged, no id.</summary>
public sealed record MessageLive(string SessionId, string Namespace, IReadOnlyList<LiveStream> Streams) : SyncEvent("message-live");

/// <summary>How far messages to the agent have come.</summary>
public sealed record MessageDelivery(string SessionId, string Namespace, string MessageId, string? LocalId, Delivery Delivery) : SyncEvent("message-delivery");

public sealed record MachineUpdated(string MachineId, string Namespace, Machine? Data) : SyncEvent("machine-updated");

/// <summary>Members that are absent have not changed.</summary>
public sealed record SessionPatch
{
    public bool? Active { get; init; }

    public long? ActiveAt { get; init; }

    public long? UpdatedAt { get; init; }

    public bool? Thinking { get; init; }

    public long? ActiveTurnStartedAt { get; init; }

    public string? Model { get; init; }

    public string? Effort { get; init; }

    public string? ModelReasoningEffort { get; init; }

    public string? PermissionMode { get; init; }

    public Versioned? Metadata { get; init; }

    public Versioned? AgentState { get; init; }

    public Versioned? Todos { get; init; }
}

/// <summary>A client takes the value when <c>Version</c> is greater than the one it has.</summary>
public sealed record Versioned(long Version, RawJson Value);
