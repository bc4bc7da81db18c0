using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hapi.Contracts.Link;

namespace Hapi.Contracts.Sessions;

/// <summary>A session as clients see it: the stored row with the volatile values of the moment. Times are milliseconds since 1970.</summary>
public sealed record Session
{
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    public required long Seq { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>The last activity a person would call one: never moved by renames or keep-alives.</summary>
    public required long UpdatedAt { get; init; }

    public required bool Pinned { get; init; }

    public required bool GlobalPinned { get; init; }

    /// <summary>The process has a link and the session has not ended.</summary>
    public required bool Active { get; init; }

    public required long ActiveAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [Shape(typeof(SessionMetadata))]
    public RawJson? Metadata { get; init; }

    public required long MetadataVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [Shape(typeof(AgentState))]
    public RawJson? AgentState { get; init; }

    public required long AgentStateVersion { get; init; }

    public required bool Thinking { get; init; }

    public required long ThinkingAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? ActiveTurnStartedAt { get; init; }

    public int BackgroundTaskCount { get; init; }

    [Shape(typeof(IReadOnlyList<TodoItem>))]
    public RawJson? Todos { get; init; }

    public required long TodosUpdatedAt { get; init; }

    public long TeamStateUpdatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Model { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ModelReasoningEffort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Effort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ServiceTier { get; init; }

    public string? PermissionMode { get; init; }

    public IReadOnlyList<ModeOption>? AvailableModes { get; init; }

    public IReadOnlyList<ModelOption>? AvailableModels { get; init; }

    public Liveness? Liveness { get; init; }

    /// <summary>It ended by a restart, or died without a word, and nobody wanted that: it waits to be brought back. Absent otherwise.</summary>
    public bool? Interrupted { get; init; }
}

/// <summary>How the hub stands with the process. <c>State</c> is <c>connected</c>, <c>unreachable</c> or <c>ended</c>; <c>Since</c> may be 0 when unknown.</summary>
public sealed record Liveness([property: AllowedValues("connected", "unreachable", "ended")] string State, long Since, LiveFault? Fault = null);
