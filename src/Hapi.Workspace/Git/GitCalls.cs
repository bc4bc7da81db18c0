using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Git;

/// <summary>What git says about the folder. It reads only, and takes no lock that the agent's own git would have to wait for.</summary>
internal sealed class GitCalls(WorkspaceRoot root, TimeProvider time)
{
    private readonly GitCommand _git = new(time);

    public Task<CommandAnswer> StatusAsync(GitQuestion question, CancellationToken cancellationToken) =>
        _git.RunAsync(Folder(question), ["status", "--porcelain=v2", "--branch", "--untracked-files=all"], cancellationToken);

    public Task<CommandAnswer> CountAsync(GitQuestion question, CancellationToken cancellationToken) =>
        _git.RunAsync(Folder(question), ["diff", .. Side(question), "--no-ext-diff", "--numstat"], cancellationToken);

    public Task<CommandAnswer> DiffAsync(GitQuestion question, CancellationToken cancellationToken)
    {
        if (question.FilePath is not { Length: > 0 } file)
        {
            throw new WorkspaceException("Which file?");
        }

        var folder = Folder(question);
        // The file may be gone, or a link: git shows the link itself, so only the way to it is followed.
        var place = root.Resolve(Path.GetFullPath(file, folder), followLast: false);
        return _git.RunAsync(folder, ["diff", .. Side(question), "--no-ext-diff", "--", Path.GetRelativePath(folder, place)], cancellationToken);
    }

    private static string[] Side(GitQuestion question) => question.Staged is true ? ["--cached"] : [];

    private string Folder(GitQuestion question) => root.Resolve(question.Cwd ?? "") is var folder && Directory.Exists(folder)
        ? folder
        : throw new WorkspaceException("The folder does not exist.");
}
