namespace Hapi.ModelServer;

/// <summary>A request that was answered, for tests that look at what an agent asked.</summary>
/// <param name="Rule">The pattern of the rule that answered, <c>default</c> or <c>aux</c>.</param>
public sealed record ModelRequest(string Route, string Rule, int Round, string Model, string Prompt, string LastToolResult, IReadOnlyList<string> Tools);
