using System.Text.Json.Serialization;

namespace Hapi.Control;

/// <summary>How state files and control sockets are written: one line each, for a line is a message on the socket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProcessState))]
[JsonSerializable(typeof(SessionStatus))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(StopResult))]
[JsonSerializable(typeof(StoppedProcess))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
public sealed partial class ControlJson : JsonSerializerContext;
