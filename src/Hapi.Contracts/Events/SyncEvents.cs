using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Contracts.Messages;
using Hapi.Contracts.Sessions;

namespace Hapi.Contracts.Events;

/// <summary>The frames of <c>GET /api/events</c>. <c>Type</c> is the first member; clients ignore types they do not know.</summary>
public abstract record SyncEvent([property: JsonPropertyOrder(-1)] string Type);

/// <summary>The first frame of each connection. <c>gap</c>: something was missed, read everything anew. No id.</summary>
public sealed record ConnectionChanged(ConnectionState Data) : SyncEvent("connection-changed");

/// <summary>How a connection stands.</summary>
public sealed record ConnectionState(
    [property: AllowedValues("connected")] string Status,
    string SubscriptionId,
    [property: AllowedValues("ok", "gap")] string Resume);

/// <summary>Every 30 s. No id.</summary>
public sealed record Heartbeat(string Namespace, HeartbeatTime Data) : SyncEvent("heartbeat");

/// <summary>The hub's time in milliseconds since 1970.</summary>
public sealed record HeartbeatTime(long Timestamp);

/// <summary>Something to show for a moment, to whoever looks. No id.</summary>
public sealed record Toast(ToastData Data) : SyncEvent("toast");

/// <summary>What a toast says and where it leads.</summary>
public sealed record ToastData(string Title, string Body, string SessionId, string Url);

/// <summary>A session that was not there before.</summary>
public sealed record SessionAdded(string SessionId, string Namespace, Session Data) : SyncEvent("session-added");

/// <summary>A whole session; a client replaces what it has.</summary>
public sealed record SessionUpdated(string SessionId, string Namespace, Session Data) : SyncEvent("session-updated");

/// <summary>Some values of a session: the data has no <c>id</c>.</summary>
public sealed record SessionPatched(string SessionId, string Namespace, SessionPatch Data) : SyncEvent("session-updated");

public sealed record SessionRemoved(string SessionId, string Namespace) : SyncEvent("session-removed");

public sealed record SessionEndedEvent(string SessionId, string Namespace, string? Reason) : SyncEvent("session-ended");

public sealed record MessageReceived(string SessionId, string Namespace, ChatMessage Message) : SyncEvent("message-received");

/// <summary>A scheduled message has come due.</summary>
public sealed record ScheduledMatured(string SessionId, string Namespace) : SyncEvent("scheduled-matured");

/// <summary>The agent has these messages now; they take their place in the conversation at <c>InvokedAt</c>.</summary>
public sealed record MessagesConsumedEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds, long InvokedAt, bool? Steered = null) : SyncEvent("messages-consumed");

/// <summary>Nobody knows whether the agent got them; a person decides.</summary>
public sealed record MessagesIndeterminateEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds) : SyncEvent("messages-indeterminate");

public sealed record MessagesRequeuedEvent(string SessionId, string Namespace, IReadOnlyList<string> LocalIds) : SyncEvent("messages-requeued");

public sealed record MessageCancelledEvent(string SessionId, string Namespace, string MessageId, string? LocalId) : SyncEvent("message-cancelled");

public sealed record MessagesInvalidated(string SessionId, string Namespace) : SyncEvent("messages-invalidated");

/// <summary>What the agent is writing now: all open streams of the session. Not logged, no id.</summary>
public sealed record MessageLive(string SessionId, string Namespace, IReadOnlyList<LiveStream> Streams) : SyncEvent("message-live");

/// <summary>How far a message to the agent has come.</summary>
public sealed record MessageDelivery(string SessionId, string Namespace, string MessageId, string? LocalId, Delivery Delivery) : SyncEvent("message-delivery");

public sealed record MachineUpdated(string MachineId, string Namespace, Machine? Data) : SyncEvent("machine-updated");
