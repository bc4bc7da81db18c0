using Hapi.Contracts.Link;

namespace Hapi.Agents.Claude;

/// <summary>What one line of Claude Code comes to.</summary>
internal abstract record ClaudeStep;

internal sealed record Settled(AgentEvent Event) : ClaudeStep;

internal sealed record Showing(LiveStream Stream) : ClaudeStep;

internal sealed record ShowingEnded(string StreamId) : ClaudeStep;

/// <summary>A turn has begun: that of the prompt, or (without an id) one whose cause is not said.</summary>
internal sealed record TurnBegan(string? PromptId) : ClaudeStep;

/// <summary>Claude Code has the prompt and will say when its turn begins.</summary>
internal sealed record PromptTaken(string PromptId) : ClaudeStep;

/// <summary>The prompt will have no turn.</summary>
internal sealed record PromptDropped(string PromptId, TurnResult Result) : ClaudeStep;

/// <param name="Asked"><see langword="false"/> when the turn answered no prompt but a background task.</param>
internal sealed record TurnEnded(TurnResult Result, bool Asked) : ClaudeStep;
