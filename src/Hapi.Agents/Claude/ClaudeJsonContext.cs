using System.Text.Json.Serialization;

namespace Hapi.Agents.Claude;

[JsonSerializable(typeof(string))]
internal sealed partial class ClaudeJsonContext : JsonSerializerContext;
