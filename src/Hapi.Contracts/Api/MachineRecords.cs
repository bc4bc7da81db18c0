using System.ComponentModel.DataAnnotations;

namespace Hapi.Contracts.Api;

/// <summary>An empty name takes the person's name away: the host's is shown again.</summary>
public sealed record RenameMachineRequest(string? DisplayName);

/// <summary>Start a session on a machine. <c>Agent</c> is an id of the agent table; <c>Command</c> is the command line of an agent that the table does not know.</summary>
public sealed record SpawnSessionRequest(
    string? Directory, string? Agent = null, string? Model = null, string? Effort = null, string? ModelReasoningEffort = null, bool? Yolo = null, string? PermissionMode = null,
    [property: AllowedValues("simple", "worktree")] string? SessionType = null, string? WorktreeName = null, [property: AllowedValues("remote", "pty")] string? StartingMode = null,
    bool? ApprovedNewDirectoryCreation = null, IReadOnlyList<string>? Command = null);

/// <summary>What became of it: with <c>success</c> the session's id, with <c>error</c> why. <c>Directory</c> is one that is missing and may be made when the person agrees.</summary>
public sealed record SpawnSessionResponse([property: AllowedValues("success", "error")] string Type, string? SessionId = null, string? Message = null, string? Code = null, string? Directory = null);

public sealed record PathsRequest(IReadOnlyList<string>? Paths);

/// <summary><c>Directory</c> is any folder of the repository, <c>Path</c> the worktree that goes.</summary>
public sealed record RemoveWorktreeRequest(string? Directory, string? Path);

public sealed record StopOnMachineRequest(string? SessionId);
