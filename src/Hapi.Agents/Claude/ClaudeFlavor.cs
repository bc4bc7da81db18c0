namespace Hapi.Agents.Claude;

/// <summary>Claude Code's row in the agent table.</summary>
internal static class ClaudeFlavor
{
    public static AgentFlavor Row { get; } =
        new("claude", "Claude", "claudeSessionId", ClaudeModes.All, (start, host, time) => new ClaudeAgent(start, host, time));
}
