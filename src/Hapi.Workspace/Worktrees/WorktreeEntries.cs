namespace Hapi.Workspace.Worktrees;

/// <summary>One entry of <c>git worktree list --porcelain -z</c>.</summary>
internal sealed record WorktreeEntry(string Path, string? Head, string? Branch, bool Bare);

internal static class WorktreeEntries
{
    private const string BranchPrefix = "refs/heads/";

    /// <summary>The repository's own folder is the first.</summary>
    public static IReadOnlyList<WorktreeEntry> Read(string porcelain)
    {
        var entries = new List<WorktreeEntry>();
        foreach (var line in porcelain.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (word, value) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
            if (word is "worktree")
            {
                entries.Add(new(value, null, null, false));
            }
            else if (entries.Count > 0)
            {
                entries[^1] = word switch
                {
                    "HEAD" => entries[^1] with { Head = value },
                    "branch" => entries[^1] with { Branch = value.StartsWith(BranchPrefix, StringComparison.Ordinal) ? value[BranchPrefix.Length..] : value },
                    "bare" => entries[^1] with { Bare = true },
                    _ => entries[^1],
                };
            }
        }

        return entries;
    }
}
