using System.Text.Json.Serialization;

namespace Hapi.Contracts.Link;

/// <summary>How everything on the link is written and read: camelCase, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(HelloRequest))]
[JsonSerializable(typeof(HelloResult))]
[JsonSerializable(typeof(AppendBatch))]
[JsonSerializable(typeof(AckNotice))]
[JsonSerializable(typeof(RefuseNotice))]
[JsonSerializable(typeof(DeliverBatch))]
[JsonSerializable(typeof(CallRequest))]
[JsonSerializable(typeof(LiveUpdate))]
[JsonSerializable(typeof(SessionOpened))]
[JsonSerializable(typeof(MessageFact))]
[JsonSerializable(typeof(MetadataPatch))]
[JsonSerializable(typeof(StatePatch))]
[JsonSerializable(typeof(RequestOpened))]
[JsonSerializable(typeof(RequestClosed))]
[JsonSerializable(typeof(MessagesConsumed))]
[JsonSerializable(typeof(MessagesRequeued))]
[JsonSerializable(typeof(MessagesIndeterminate))]
[JsonSerializable(typeof(CommandAccepted))]
[JsonSerializable(typeof(CommandRefused))]
[JsonSerializable(typeof(SessionReady))]
[JsonSerializable(typeof(SessionEnded))]
[JsonSerializable(typeof(AuditFact))]
[JsonSerializable(typeof(Command))]
[JsonSerializable(typeof(MessageCommand))]
[JsonSerializable(typeof(MessageCancelCommand))]
[JsonSerializable(typeof(MessageRetryCommand))]
[JsonSerializable(typeof(PermissionAnswerCommand))]
[JsonSerializable(typeof(ConfigSetCommand))]
[JsonSerializable(typeof(AbortCommand))]
[JsonSerializable(typeof(SwitchCommand))]
[JsonSerializable(typeof(StopCommand))]
public sealed partial class LinkJson : JsonSerializerContext;
