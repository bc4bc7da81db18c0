using System.Text.Json.Serialization;
using Hapi.Contracts.Events;
using Hapi.Contracts.Machines;
using Hapi.Contracts.Messages;
using Hapi.Contracts.Sessions;

namespace Hapi.Contracts;

/// <summary>How the hub's domain objects are written for clients: camelCase, absent instead of null unless a member says otherwise.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(SessionSummary))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(Machine))]
[JsonSerializable(typeof(ConnectionChanged))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(Toast))]
[JsonSerializable(typeof(SessionAdded))]
[JsonSerializable(typeof(SessionUpdated))]
[JsonSerializable(typeof(SessionPatched))]
[JsonSerializable(typeof(SessionRemoved))]
[JsonSerializable(typeof(SessionEndedEvent))]
[JsonSerializable(typeof(MessageReceived))]
[JsonSerializable(typeof(ScheduledMatured))]
[JsonSerializable(typeof(MessagesConsumedEvent))]
[JsonSerializable(typeof(MessagesIndeterminateEvent))]
[JsonSerializable(typeof(MessagesRequeuedEvent))]
[JsonSerializable(typeof(MessageCancelledEvent))]
[JsonSerializable(typeof(MessagesInvalidated))]
[JsonSerializable(typeof(MessageLive))]
[JsonSerializable(typeof(MessageDelivery))]
[JsonSerializable(typeof(MachineUpdated))]
public sealed partial class HubJson : JsonSerializerContext;
