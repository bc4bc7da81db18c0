namespace Hapi.Contracts.Machines;

public sealed record StopSessionRequest(string SessionId, string? By = null);

/// <param name="Status"><c>stopped</c>, <c>already_gone</c> (proved), or <c>still_alive</c> (also when nothing is proved).</param>
public sealed record StopSessionResult(string Status);

public sealed record StopRunnerResult(string Message);

public sealed record ListDirectoryRequest(string Path, bool? IncludeHidden = null);

/// <param name="Type"><c>directory</c>, <c>file</c> or <c>other</c>.</param>
public sealed record MachineEntry(string Name, string Type, long? Size = null, long? Modified = null, bool? IsGitRepo = null);

public sealed record ListDirectoryResult(bool Success, IReadOnlyList<MachineEntry>? Entries = null, string? Error = null);

public sealed record PathExistsRequest(IReadOnlyList<string> Paths);

public sealed record PathExistsResult(IReadOnlyDictionary<string, bool> Exists);

/// <param name="Directory">Any folder of the repository.</param>
/// <param name="WorktreePath">Which worktree, to remove one.</param>
public sealed record WorktreeRequest(string Directory, string? WorktreePath = null, string? By = null);

/// <param name="Dirty">It has uncommitted work, and is never removed.</param>
/// <param name="InUse">A live session works in it.</param>
public sealed record Worktree(string Path, string Branch, bool Dirty, bool InUse);

public sealed record WorktreeList(bool Success, IReadOnlyList<Worktree>? Worktrees = null, string? Error = null);

public sealed record WorktreeResult(bool Success, string? Error = null, string? Code = null);

public sealed record HandOffResult(bool Ok, string? Error = null);

/// <summary>A runner's request to the hub.</summary>
public sealed record ReopenInterruptedRequest(string MachineId);

/// <param name="Failed">Session ids, each with why.</param>
/// <param name="Skipped">Interrupted, and left alone: over the cap, or in a crash loop.</param>
public sealed record ReopenInterruptedResult(IReadOnlyList<string> Reopened, IReadOnlyDictionary<string, string> Failed, IReadOnlyList<string> Skipped);
