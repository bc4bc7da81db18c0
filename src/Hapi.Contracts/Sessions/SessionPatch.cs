namespace Hapi.Contracts.Sessions;

/// <summary>Some values of a session. Members that are absent have not changed; there are no others, ever: old clients drop a patch with a member they do not know.</summary>
public sealed record SessionPatch
{
    public bool? Active { get; init; }

    public long? ActiveAt { get; init; }

    public long? UpdatedAt { get; init; }

    public bool? Thinking { get; init; }

    /// <summary>An explicit null says that no turn runs.</summary>
    [Shape(typeof(long?))]
    public RawJson? ActiveTurnStartedAt { get; init; }

    public string? Model { get; init; }

    public string? Effort { get; init; }

    public string? ModelReasoningEffort { get; init; }

    public string? PermissionMode { get; init; }

    public Versioned<SessionMetadata>? Metadata { get; init; }

    public Versioned<AgentState>? AgentState { get; init; }

    public Versioned<IReadOnlyList<TodoItem>>? Todos { get; init; }
}

/// <summary>A client takes the value when <c>Version</c> is greater than the one it has.</summary>
/// <typeparam name="T">What the value usually holds.</typeparam>
public sealed record Versioned<T>(long Version, RawJson Value);
