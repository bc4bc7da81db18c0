using System.Text.Json.Serialization;
using Hapi.Session.Control;

namespace Hapi.Session.Records;

/// <summary>How a session's own files and its control socket are written: one line each, for a line is a message on the socket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionRecord))]
[JsonSerializable(typeof(ProcessState))]
[JsonSerializable(typeof(ControlStatus))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(StopResult))]
internal sealed partial class RecordJson : JsonSerializerContext;
