using System.ComponentModel.DataAnnotations;

namespace Hapi.Contracts.Sessions;

/// <summary>What is known of a session beside its conversation. An open document: sessions add members of their own.</summary>
public sealed record SessionMetadata
{
    public required string Path { get; init; }

    public required string Host { get; init; }

    /// <summary>The name a person gave; it wins over every title.</summary>
    public string? Name { get; init; }

    public SessionTitle? Summary { get; init; }

    public string? Flavor { get; init; }

    public string? Version { get; init; }

    public string? Os { get; init; }

    public string? MachineId { get; init; }

    public string? HomeDir { get; init; }

    public long? HostPid { get; init; }

    [AllowedValues("runner", "terminal")]
    public string? StartedBy { get; init; }

    public IReadOnlyList<string>? Tools { get; init; }

    public IReadOnlyList<string>? SlashCommands { get; init; }

    /// <summary><c>running</c> or <c>archived</c>; readers show others as they are.</summary>
    public string? LifecycleState { get; init; }

    public long? LifecycleStateSince { get; init; }

    public string? ArchivedBy { get; init; }

    public string? ArchiveReason { get; init; }

    /// <summary>Why it could not be brought back the last time. Gone when it runs again.</summary>
    public ReopenError? ReopenError { get; init; }
}

public sealed record ReopenError(long At, string Message);

/// <summary>The title that an agent, or a person, gave a session.</summary>
public sealed record SessionTitle(string Text, long? UpdatedAt = null);
