namespace Hapi.Agents.Acp.Updates;

/// <summary>What an update of the agent amounts to.</summary>
internal abstract record UpdateOutput;

/// <summary>Something is settled and must be recorded.</summary>
internal sealed record Settled(AgentEvent Event) : UpdateOutput;

/// <summary>A text has grown and can be shown.</summary>
internal sealed record Growing(OpenText Text) : UpdateOutput;

/// <summary>A text that was shown will not settle.</summary>
internal sealed record Dropped(string StreamId) : UpdateOutput;

/// <summary>The agent says that it works, or has stopped, whether or not it was prompted.</summary>
internal sealed record Working(bool IsWorking) : UpdateOutput;
