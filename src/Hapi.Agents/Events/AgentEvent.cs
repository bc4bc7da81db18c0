using Hapi.Contracts;

namespace Hapi.Agents;

/// <summary>Something an agent has settled. Each becomes at most one chat row of the generic family, or a patch of the session.</summary>
/// <remarks><c>Run</c> is the call id of the sub-agent it belongs to; <see langword="null"/> for the conversation itself.</remarks>
public abstract record AgentEvent
{
    public string? Run { get; init; }
}

/// <summary>Text the agent has finished. <c>Id</c> is its stream's id.</summary>
public sealed record TextSettled(string Id, string Text) : AgentEvent;

public sealed record ReasoningSettled(string Id, string Text) : AgentEvent;

/// <summary>The agent calls a tool, under its own name for it. Sent again with the same call id, it updates input, title and status.</summary>
public sealed record ToolCalled(string CallId, string Name, RawJson Input, string? Status = null, string? Title = null, string? Kind = null) : AgentEvent;

/// <summary>The result of a call that was emitted before.</summary>
public sealed record ToolReturned(string CallId, RawJson Output, bool IsError) : AgentEvent;

public sealed record PlanChanged(IReadOnlyList<PlanStep> Steps) : AgentEvent;

/// <param name="Priority"><c>high</c>, <c>medium</c> or <c>low</c>.</param>
/// <param name="Status"><c>pending</c>, <c>in_progress</c> or <c>completed</c>.</param>
public sealed record PlanStep(string Content, string Priority, string Status);

/// <summary>Tokens of the turn; <c>InputTokens</c> includes what came from the cache.</summary>
public sealed record UsageCounted(
    string? Model, long InputTokens, long OutputTokens, long CachedInputTokens, long CacheWriteInputTokens, long? ContextTokens, long? ContextWindow, decimal? CostUsd = null) : AgentEvent;

/// <summary>An image the agent made; the bytes lie in a file of the session.</summary>
public sealed record ImageMade(string ImageId, string FileName, string MimeType, string Path, string? CallId) : AgentEvent;

/// <summary>A sub-agent has begun work for the call <c>CardId</c>.</summary>
public sealed record RunStarted(string CardId, RawJson Input, string? Description) : AgentEvent;

/// <param name="Status"><c>running</c>, <c>completed</c>, <c>failed</c>, <c>canceled</c>.</param>
public sealed record RunUpdated(string CardId, string Status, string? Activity = null, string? Result = null, string? Error = null) : AgentEvent;

/// <summary>The agent failed at something a person should know; one sentence.</summary>
public sealed record ErrorReported(string Message) : AgentEvent;

/// <summary>A plain note in the conversation ("Context was compacted").</summary>
public sealed record Noted(string Message) : AgentEvent;

/// <summary>The model service failed and the agent tries again.</summary>
public sealed record RetryAnnounced(int Attempt, int MaxAttempts, int? DelayMs, string Error) : AgentEvent;

/// <param name="Reached"><see langword="false"/> warns that the limit is near.</param>
public sealed record UsageLimit(bool Reached, DateTimeOffset? ResetsAt, string? LimitType, double? Utilization) : AgentEvent;

public sealed record ContextCompacted(string? Trigger, long? PreTokens) : AgentEvent;

/// <summary>How long the turn took and what it cost, when the agent says so.</summary>
public sealed record TurnMeasured(long DurationMs, int? Turns, decimal? CostUsd) : AgentEvent;

/// <summary>The conversation got another id of the agent's own.</summary>
public sealed record NativeSessionChanged(string NativeSessionId) : AgentEvent;

/// <summary>A title from the agent. <c>Fallback</c> titles are used only while there is none.</summary>
public sealed record TitleChanged(string Title, bool Fallback) : AgentEvent;

/// <summary>The agent changed its own permission mode, model or effort.</summary>
public sealed record ConfigChanged(string? PermissionMode, string? Model, string? Effort) : AgentEvent;

public sealed record SlashCommandsChanged(IReadOnlyList<string> Names) : AgentEvent;
