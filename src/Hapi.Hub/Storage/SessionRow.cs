namespace Hapi.Hub.Storage;

/// <summary>One session as it is stored.</summary>
internal sealed class SessionRow
{
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    public required string Tag { get; init; }

    public required string Flavor { get; set; }

    public string? MachineId { get; set; }

    public long Seq { get; set; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; set; }

    public required string Metadata { get; set; }

    public long MetadataVersion { get; set; } = 1;

    public required string AgentState { get; set; }

    public long AgentStateVersion { get; set; } = 1;

    public string? Model { get; set; }

    public string? Effort { get; set; }

    public string? ModelReasoningEffort { get; set; }

    public string? PermissionMode { get; set; }

    public string? Todos { get; set; }

    public long TodosUpdatedAt { get; set; }

    /// <summary><c>none</c>, <c>project</c> or <c>global</c>.</summary>
    public string Pin { get; set; } = "none";

    /// <summary>The newest generation that has opened this session.</summary>
    public long Generation { get; set; }

    public long? EndedAt { get; set; }

    public long MessageSeq { get; set; }

    public long Epoch { get; set; }

    /// <summary>The time of the newest place in the conversation.</summary>
    public long HeadAt { get; set; }

    /// <summary>When the newest generation opened it, by the clock of its machine.</summary>
    public long OpenedAt { get; set; }

    /// <summary>The newest generation whose agent was ready.</summary>
    public long ReadyGeneration { get; set; }

    /// <summary>A generation whose start has failed: its end labels nothing.</summary>
    public long FailedGeneration { get; set; }

    /// <summary>A person wanted the process of this generation to end.</summary>
    public bool StopWanted { get; set; }

    /// <summary>Since when it waits to be brought back; see docs/decisions.</summary>
    public long? InterruptedAt { get; set; }

    /// <summary>When it was last brought back without a person.</summary>
    public long? ReopenedAt { get; set; }

    /// <summary>How often in a row it was interrupted soon after it had been brought back by itself.</summary>
    public long Crashes { get; set; }
}
