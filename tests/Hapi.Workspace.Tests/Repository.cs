using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.Workspace.Tests;

/// <summary>A real git repository with one commit: <c>a.txt</c> and <c>sub/b.txt</c>.</summary>
internal sealed class Repository : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => _folder["repo"];

    /// <summary>Beside the repository: nobody may see it.</summary>
    public string Outside => _folder["outside"];

    public static async Task<Repository> CreateAsync(CancellationToken cancellationToken)
    {
        var repository = new Repository();
        Directory.CreateDirectory(repository.Path);
        Directory.CreateDirectory(repository.Outside);
        File.WriteAllText(System.IO.Path.Combine(repository.Outside, "secret.txt"), "secret");
        repository.Write("a.txt", "one\ntwo\n");
        repository.Write("sub/b.txt", "bee\n");
        await repository.GitAsync(cancellationToken, "init", "-q", "-b", "main");
        await repository.GitAsync(cancellationToken, "add", ".");
        await repository.GitAsync(cancellationToken, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first");
        return repository;
    }

    public void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public async Task GitAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using var git = ChildProcess.Start(new ChildStart("git", arguments, Path));
        var report = await git.Completion.WaitAsync(cancellationToken);
        Assert.True(report.ExitCode == 0, report.StderrTail);
    }

    public void Dispose() => _folder.Dispose();
}
