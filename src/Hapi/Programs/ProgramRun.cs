using System.Collections;
using System.Text;
using Hapi.Processes;
using Hapi.Settings;

namespace Hapi.Programs;

/// <summary>What another program printed, and how it ended.</summary>
/// <param name="ExitCode"><see langword="null"/> when the program is not there, or did not end in time.</param>
internal sealed record ProgramRun(int? ExitCode, string Out, string Error)
{
    private const int MostPrinted = 64 * 1024;

    public bool Succeeded => ExitCode is 0;

    /// <summary>Runs it to its end without input. It never fails: a program that is not there is an answer too.</summary>
    public static async Task<ProgramRun> AskAsync(IReadOnlyList<string> command, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            await using var child = ChildProcess.Start(new ChildStart(command[0], [.. command.Skip(1)], Environment: WithoutSecrets(), OwnSession: true));
            child.Input.Close();
            var printed = await ReadAsync(child.Output, deadline.Token);
            var exit = await child.Completion.WaitAsync(deadline.Token);
            return new ProgramRun(exit.ExitCode, printed, exit.StderrTail);
        }
        catch (ProgramNotFoundException)
        {
            return new ProgramRun(null, "", $"The program \"{command[0]}\" is not there.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProgramRun(null, "", $"\"{command[0]}\" did not answer within {patience.TotalSeconds:0} s.");
        }
    }

    private static Dictionary<string, string> WithoutSecrets() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(e => !HapiHome.SecretVariables.Contains((string)e.Key, StringComparer.OrdinalIgnoreCase))
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    private static async Task<string> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(output, Encoding.UTF8, leaveOpen: true);
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (text.Length < MostPrinted)
            {
                text.Append(buffer, 0, read);
            }
        }

        return text.ToString();
    }
}
