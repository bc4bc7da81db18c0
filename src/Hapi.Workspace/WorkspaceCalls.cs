using System.Text.Json;
using Hapi.Contracts;
using Hapi.Workspace.Files;
using Hapi.Workspace.Git;
using Hapi.Workspace.Paths;

namespace Hapi.Workspace;

/// <summary>
/// Answers questions about one folder and what is below it. Whatever is asked, the answer is an object with <c>success</c>; when that is
/// false, <c>error</c> is a sentence for a person. Nothing outside the folder is shown, through whatever links a path leads.
/// </summary>
/// <param name="root">An absolute path: where the session works.</param>
public sealed class WorkspaceCalls(string root, TimeProvider time)
{
    private readonly FileCalls _files = new(new WorkspaceRoot(root));
    private readonly GitCalls _git = new(new WorkspaceRoot(root), time);

    /// <summary>The names of the calls that are answered here.</summary>
    public static IReadOnlyList<string> Names { get; } = ["readFile", "listDirectory", "statFiles", "git-status", "git-diff-numstat", "git-diff-file"];

    /// <summary>Gives <see langword="null"/> for a name that is not served here.</summary>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async Task<RawJson?> HandleAsync(string name, RawJson args, CancellationToken cancellationToken)
    {
        if (!Names.Contains(name))
        {
            return null;
        }

        try
        {
            return name switch
            {
                "readFile" => Answer.Of(await _files.ReadAsync(Question.Path(args), cancellationToken)),
                "listDirectory" => Answer.Of(_files.List(Question.Path(args))),
                "statFiles" => Answer.Of(_files.Stat(Question.Paths(args))),
                "git-status" => Answer.Of(await _git.StatusAsync(Question.Git(args), cancellationToken)),
                "git-diff-numstat" => Answer.Of(await _git.CountAsync(Question.Git(args), cancellationToken)),
                _ => Answer.Of(await _git.DiffAsync(Question.Git(args), cancellationToken)),
            };
        }
        catch (JsonException)
        {
            return Answer.Failure("The arguments have another shape.");
        }
        catch (WorkspaceException ex)
        {
            return Answer.Failure(ex.Message);
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return Answer.Failure("There is no such file or folder.");
        }
        catch (UnauthorizedAccessException)
        {
            return Answer.Failure("Hapi may not read this.");
        }
        catch (IOException ex)
        {
            return Answer.Failure(ex.Message);
        }
    }
}
