using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Hapi.Contracts.Machines;
using Hapi.Workspace.Git;
using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Worktrees;

/// <summary>
/// Worktrees for sessions: made beside the repository, listed, and removed when nothing in them would be lost. What is not committed, or is committed
/// where no branch leads to, is never removed, nor what a session works in, nor anything that git does not list as a worktree of the repository.
/// </summary>
public sealed partial class WorktreeDesk(WorkspaceRoots roots, TimeProvider time)
{
    private const int Tries = 5, MaxName = 60;
    private static readonly string[] s_halfDone = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge", "rebase-apply"];
    private readonly GitCommand _git = new(time, TimeSpan.FromSeconds(60)); // a checkout of a large repository takes its time

    /// <summary>Makes <c>&lt;repository&gt;-worktrees/&lt;name&gt;</c> on the new branch <c>hapi-&lt;name&gt;</c>.</summary>
    /// <param name="folder">A real folder of the repository.</param>
    /// <param name="hint">What the name is made of; the date without it.</param>
    public async Task<WorktreeMade> CreateAsync(string folder, string? hint, CancellationToken cancellationToken)
    {
        if (hint is not null && (hint.Contains('/', StringComparison.Ordinal) || hint.Contains('\\', StringComparison.Ordinal) || hint.Contains("..", StringComparison.Ordinal) || hint.Length > MaxName))
        {
            return Failed($"\"{hint}\" is no name for a worktree: no slashes, no \"..\", at most {MaxName} characters.");
        }

        if (await _git.RunAsync(folder, ["rev-parse", "--show-toplevel"], cancellationToken) is not { Success: true, Stdout: { } top })
        {
            return Failed($"{folder} is in no git repository.");
        }

        var repository = top.TrimEnd('\n');
        var parent = Path.Combine(Path.GetDirectoryName(repository) ?? repository, Path.GetFileName(repository) + "-worktrees");
        if (!roots.Allow(parent))
        {
            return Failed($"The worktree would be made in {parent}, which is outside this runner's workspace roots.");
        }

        var wanted = Slug(hint ?? "") is { Length: > 0 } slug ? slug : $"{time.GetUtcNow():MMdd}-{Suffix()}";
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var name = attempt == 0 ? wanted : $"{wanted}-{Suffix()}";
            var (path, branch) = (Path.Combine(parent, name), $"hapi-{name}");
            if (Path.Exists(path) || (await _git.RunAsync(repository, ["rev-parse", "--verify", "--quiet", $"refs/heads/{branch}"], cancellationToken)).Success)
            {
                continue;
            }

            var added = await _git.RunAsync(repository, ["worktree", "add", "-b", branch, path], cancellationToken);
            return added.Success ? new(repository, path, branch, name) : Failed($"git could not make the worktree: {added.Error}");
        }

        return Failed($"There are worktrees or branches named {wanted} already.");
    }

    /// <summary>Lists the repository's worktrees, without its own folder.</summary>
    /// <param name="inUse">The folders that live sessions work in.</param>
    public async Task<WorktreeList> ListAsync(string? folder, IReadOnlyList<string> inUse, CancellationToken cancellationToken)
    {
        if (Inside(folder) is not { } place)
        {
            return new(false, Error: "The folder must be an absolute path inside the workspace roots.");
        }

        if (await EntriesAsync(place, cancellationToken) is not { } entries)
        {
            return new(false, Error: $"{place} is in no git repository.");
        }

        var worktrees = new List<Worktree>();
        foreach (var entry in entries.Skip(1).Where(e => !e.Bare))
        {
            worktrees.Add(new(entry.Path, entry.Branch ?? "", await IsDirtyAsync(entry, cancellationToken), IsInUse(entry.Path, inUse)));
        }

        return new(true, worktrees);
    }

    /// <summary>Removes one. Its branch stays.</summary>
    public async Task<WorktreeResult> RemoveAsync(WorktreeRequest request, IReadOnlyList<string> inUse, CancellationToken cancellationToken)
    {
        if (Inside(request.Directory) is not { } place || Inside(request.WorktreePath) is not { } path)
        {
            return Refused("outside_roots", "Both folders must be absolute paths inside the workspace roots.");
        }

        var entries = await EntriesAsync(place, cancellationToken) ?? [];
        if (entries.Skip(1).FirstOrDefault(e => WorkspaceRoots.Real(e.Path) == path) is not { } entry)
        {
            return Refused("not_a_worktree", $"{path} is no worktree of the repository at {place}.");
        }

        if (IsInUse(path, inUse))
        {
            return Refused("worktree_in_use", "A session works in this worktree. Stop it first.");
        }

        if (await IsDirtyAsync(entry, cancellationToken))
        {
            return Refused("worktree_dirty", "This worktree holds work that is not committed, or that no branch leads to. It is never removed.");
        }

        // Without --force git looks once more, in the same moment in which it removes.
        var removed = await _git.RunAsync(entries[0].Path, ["worktree", "remove", entry.Path], cancellationToken);
        return removed.Success ? new(true) : Refused("worktree_failed", removed.Error ?? "git did not remove it.");
    }

    private async Task<IReadOnlyList<WorktreeEntry>?> EntriesAsync(string folder, CancellationToken cancellationToken) =>
        Directory.Exists(folder) && await _git.RunAsync(folder, ["worktree", "list", "--porcelain", "-z"], cancellationToken) is { Success: true, Stdout: { } text }
            ? WorktreeEntries.Read(text) : null;

    // What cannot be told counts as dirty.
    private async Task<bool> IsDirtyAsync(WorktreeEntry entry, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(entry.Path))
        {
            return false; // its folder is gone: there is nothing to lose
        }

        if (await _git.RunAsync(entry.Path, ["status", "--porcelain", "--untracked-files=all"], cancellationToken) is not { Success: true, Stdout.Length: 0 }
            || await _git.RunAsync(entry.Path, ["rev-parse", "--absolute-git-dir"], cancellationToken) is not { Success: true, Stdout: { } gitFolder }
            || s_halfDone.Any(name => Path.Exists(Path.Combine(gitFolder.TrimEnd('\n'), name))))
        {
            return true;
        }

        return entry.Branch is null && (entry.Head is not { } head
            || await _git.RunAsync(entry.Path, ["for-each-ref", "--count=1", "--contains", head], cancellationToken) is not { Success: true, Stdout.Length: > 0 });
    }

    private string? Inside(string? folder) => WorkspaceRoots.Absolute(folder) is { } path && roots.Allow(path) ? WorkspaceRoots.Real(path) : null;

    private static bool IsInUse(string path, IReadOnlyList<string> inUse) => WorkspaceRoots.Real(path) is not { } real || inUse.Any(folder => WorkspaceRoots.Real(folder) is { } place && WorkspaceRoots.IsIn(real, place));

    private static WorktreeMade Failed(string problem) => new("", "", "", "", problem);

    private static WorktreeResult Refused(string code, string error) => new(false, error, code);

    private static string Slug(string hint) => NotPlain().Replace(hint.ToLowerInvariant(), "-").Trim('-');

    private static string Suffix() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotPlain();
}
