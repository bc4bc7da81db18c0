using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Hapi.Contracts.Sessions;

/// <summary>A session as the list shows it.</summary>
public sealed record SessionSummary
{
    public required string Id { get; init; }

    public required bool Active { get; init; }

    public required bool Thinking { get; init; }

    public required long ActiveAt { get; init; }

    public required long UpdatedAt { get; init; }

    public required bool Pinned { get; init; }

    public required bool GlobalPinned { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public SummaryMetadata? Metadata { get; init; }

    public required long MetadataVersion { get; init; }

    public required long AgentStateVersion { get; init; }

    public required long TodosUpdatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TodoProgress? TodoProgress { get; init; }

    public required int PendingRequestsCount { get; init; }

    public required IReadOnlyList<string> PendingRequestKinds { get; init; }

    /// <summary>At most five, oldest first.</summary>
    public required IReadOnlyList<PendingRequest> PendingRequests { get; init; }

    public int BackgroundTaskCount { get; init; }

    public int FutureScheduledMessageCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? NextScheduledAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Model { get; init; }

    public string? ModelReasoningEffort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Effort { get; init; }

    public Liveness? Liveness { get; init; }

    /// <summary>It waits to be brought back; see <see cref="Session.Interrupted"/>. Absent otherwise.</summary>
    public bool? Interrupted { get; init; }
}

public sealed record SummaryMetadata(
    string Path, string? Name = null, string? MachineId = null, string? Host = null, SummaryText? Summary = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Flavor = null,
    RawJson? Worktree = null, string? AgentSessionId = null, string? LifecycleState = null, string? ArchivedBy = null, string? ArchiveReason = null,
    ReopenError? ReopenError = null);

public sealed record SummaryText(string Text);

public sealed record TodoProgress(int Completed, int Total);

/// <summary><c>Kind</c> is <c>permission</c> or <c>input</c>.</summary>
public sealed record PendingRequest(string Id, [property: AllowedValues("permission", "input")] string Kind, string Tool, long Since);
