namespace Hapi.Commands;

/// <summary>What the command line of a runner asked for.</summary>
/// <param name="WorkspaceRoots">Absolute folders that are there.</param>
/// <param name="LogPath">Where its log is, when whoever started it has chosen the place.</param>
internal sealed record RunnerWish(IReadOnlyList<string> WorkspaceRoots, bool ReopenInterrupted, string? LogPath)
{
    /// <summary>The command line that asks for the same.</summary>
    public IReadOnlyList<string> ToArguments() =>
        ["runner", "start-sync", .. WorkspaceRoots.SelectMany(r => new[] { "--workspace-root", r }), .. ReopenInterrupted ? new[] { "--reopen-interrupted" } : []];
}
