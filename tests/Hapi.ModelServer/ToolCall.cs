using System.Text.Json.Nodes;

namespace Hapi.ModelServer;

/// <summary>A call in the words of the agent's own tools.</summary>
public sealed record ToolCall(string Id, string Name, JsonObject Input);
