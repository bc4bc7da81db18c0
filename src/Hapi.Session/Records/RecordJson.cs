using System.Text.Json.Serialization;

namespace Hapi.Session.Records;

/// <summary>How a session's own files are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
