using System.Text;
using Hapi.Processes;

namespace Hapi.Workspace.Git;

/// <summary>Runs git once and brings back what it said. A git that hangs is ended, after ten seconds when nothing else is said.</summary>
internal sealed class GitCommand(TimeProvider time, TimeSpan? patience = null)
{
    /// <summary>So that the answer fits into one frame of the link.</summary>
    public const int MaxOutputBytes = 512 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_lastSteps = TimeSpan.FromSeconds(1);

    public async Task<CommandAnswer> RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var tooLong = new CancellationTokenSource(patience ?? s_patience, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancellationToken);
        try
        {
            await using var git = ChildProcess.Start(new ChildStart("git", [.. Always, .. arguments], folder, Environment()));
            git.Input.Close();
            var (output, truncated) = await ReadAsync(git.Output, ended.Token);
            var report = truncated ? await git.StopAsync([], s_lastSteps) : await git.Completion.WaitAsync(ended.Token);
            return truncated || report.ExitCode == 0
                ? new(true, output, report.StderrTail, truncated ? 0 : report.ExitCode, Truncated: truncated ? true : null)
                : new(false, output, report.StderrTail, report.ExitCode, report.StderrTail.Length > 0 ? report.StderrTail : $"git ended with {report.ExitCode}.");
        }
        catch (ProgramNotFoundException)
        {
            return new(false, Error: "git is not installed on the session's machine.", ExitCode: -1);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, Error: "Command timed out", ExitCode: -1);
        }
    }

    // Paths are paths, whatever characters they have; and a repository's settings start no program of their own.
    private static string[] Always => ["--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false"];

    // The user's own, without what points git elsewhere and without Hapi's secrets.
    private static Dictionary<string, string> Environment()
    {
        var names = System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => !n.StartsWith("GIT_", StringComparison.Ordinal) && !n.StartsWith("HAPI_", StringComparison.Ordinal) && n is not "CLI_API_TOKEN");
        var environment = names.ToDictionary(n => n, n => System.Environment.GetEnvironmentVariable(n) ?? "");
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["LC_ALL"] = "C.UTF-8";
        return environment;
    }

    private static async Task<(string Output, bool Truncated)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxOutputBytes + 1];
        // A pipe's read may not hear of a cancellation; it ends when git is ended.
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        if (length <= MaxOutputBytes)
        {
            return (Encoding.UTF8.GetString(buffer, 0, length), false);
        }

        var lastLine = buffer.AsSpan(0, MaxOutputBytes).LastIndexOf((byte)'\n');
        return (Encoding.UTF8.GetString(buffer, 0, lastLine < 0 ? MaxOutputBytes : lastLine + 1), true);
    }
}
