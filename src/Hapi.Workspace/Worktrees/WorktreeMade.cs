namespace Hapi.Workspace.Worktrees;

/// <summary>A worktree that was made for a session.</summary>
/// <param name="BasePath">The repository's own folder.</param>
/// <param name="Problem">Why there is none, in one sentence; the other members are then empty.</param>
public sealed record WorktreeMade(string BasePath, string Path, string Branch, string Name, string? Problem = null);
