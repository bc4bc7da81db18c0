namespace Hapi.Contracts.Machines;

/// <summary>The questions a runner answers, and the one a session answers about its place. The names never change once shipped.</summary>
public static class MachineCalls
{
    public const string Spawn = "spawn-happy-session";
    public const string StopSession = "stop-session";
    public const string StopRunner = "stop-runner";
    public const string ListDirectory = "list-directory";
    public const string PathExists = "path-exists";
    public const string ListWorktrees = "list-worktrees";
    public const string RemoveWorktree = "remove-worktree";

    /// <summary>Of a session: it ends, so that a terminal on its machine can go on with it.</summary>
    public const string HandOffLocal = "handoff-local";
}
