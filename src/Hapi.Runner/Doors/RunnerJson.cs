using System.Text.Json.Serialization;
using Hapi.Runner.State;

namespace Hapi.Runner.Doors;

/// <summary>How the runner's state file and door are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunnerState))]
[JsonSerializable(typeof(RunnerStatus))]
[JsonSerializable(typeof(RunnerSessions))]
[JsonSerializable(typeof(RunnerStopRequest))]
[JsonSerializable(typeof(RunnerAccepted))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
public sealed partial class RunnerJson : JsonSerializerContext;
