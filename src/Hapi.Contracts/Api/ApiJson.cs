using System.Text.Json.Serialization;
using Hapi.Contracts.Messages;

namespace Hapi.Contracts.Api;

/// <summary>How bodies of the REST API are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(InvalidBody))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(AuthRequest))]
[JsonSerializable(typeof(AuthResponse))]
[JsonSerializable(typeof(PairRequest))]
[JsonSerializable(typeof(PairResponse))]
[JsonSerializable(typeof(PairingCodeRequest))]
[JsonSerializable(typeof(PairingCodeResponse))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionDetail))]
[JsonSerializable(typeof(MachineList))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(RenameRequest))]
[JsonSerializable(typeof(SummaryRequest))]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(CancelResponse))]
[JsonSerializable(typeof(QueuedStateRequest))]
[JsonSerializable(typeof(QueuedStateResponse))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(DenyRequest))]
[JsonSerializable(typeof(PermissionModeRequest))]
[JsonSerializable(typeof(ModelRequest))]
[JsonSerializable(typeof(EffortRequest))]
[JsonSerializable(typeof(ReasoningEffortRequest))]
[JsonSerializable(typeof(RetryResponse))]
[JsonSerializable(typeof(VisibilityRequest))]
[JsonSerializable(typeof(CallFailed))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditProof))]
[JsonSerializable(typeof(SessionHistory))]
[JsonSerializable(typeof(RawJson))]
[JsonSerializable(typeof(IReadOnlyList<Attachment>))]
public sealed partial class ApiJson : JsonSerializerContext;
