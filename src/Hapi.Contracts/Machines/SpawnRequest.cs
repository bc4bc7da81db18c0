namespace Hapi.Contracts.Machines;

/// <summary>Start a session on a machine.</summary>
/// <param name="Directory">Absolute, or beginning with <c>~/</c>.</param>
/// <param name="ExistingSessionId">The row to attach to; without it a new session begins.</param>
/// <param name="ResumeSessionId">The agent's own id of the conversation to go on with.</param>
/// <param name="Agent">An id of the agent table; <c>claude</c> without it.</param>
/// <param name="SessionType"><c>simple</c> or <c>worktree</c>.</param>
/// <param name="ApprovedNewDirectoryCreation">A directory that is missing may be made.</param>
/// <param name="Command">The agent's command line, for an agent that the table does not know.</param>
/// <param name="By">Who asks, for the record.</param>
public sealed record SpawnRequest(
    string Directory,
    string? ExistingSessionId = null,
    string? ResumeSessionId = null,
    string? Agent = null,
    string? Model = null,
    string? Effort = null,
    string? ModelReasoningEffort = null,
    string? PermissionMode = null,
    bool? Yolo = null,
    string? SessionType = null,
    string? WorktreeName = null,
    bool? ApprovedNewDirectoryCreation = null,
    string? StartingMode = null,
    bool? ForkSession = null,
    IReadOnlyList<string>? Command = null,
    string? By = null);

/// <summary>What became of a spawn.</summary>
/// <param name="Type"><c>success</c>: a process has reported with <paramref name="SessionId"/>; <c>requestToApproveDirectoryCreation</c>: <paramref name="Directory"/> is missing; <c>error</c>.</param>
/// <param name="Code">With <c>error</c>, why: <c>directory_invalid</c>, <c>directory_outside_roots</c>, <c>agent_unknown</c>, <c>worktree_failed</c>, <c>start_failed</c>, <c>exited</c>, <c>report_timeout</c>, <c>runner_stopping</c>.</param>
public sealed record SpawnResult(string Type, string? SessionId = null, string? Directory = null, string? ErrorMessage = null, string? Code = null);
