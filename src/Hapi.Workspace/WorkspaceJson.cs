using System.Text.Json.Serialization;

namespace Hapi.Workspace;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PathQuestion))]
[JsonSerializable(typeof(PathsQuestion))]
[JsonSerializable(typeof(GitQuestion))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(DirectoryAnswer))]
[JsonSerializable(typeof(StatAnswer))]
[JsonSerializable(typeof(CommandAnswer))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
