using System.Globalization;
using System.Text;
using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>A real process that a test owns: what it prints is kept, and it is gone when the test ends.</summary>
internal sealed class StagedProgram : IAsyncDisposable
{
    private readonly ChildProcess _child;
    private readonly StringBuilder _out = new(), _error = new();
    private readonly Task _reading;

    public StagedProgram(ChildStart start)
    {
        _child = ChildProcess.Start(start with { OnErrorLine = line => Keep(_error, line + "\n") });
        Identity = ProcessIdentity.Of(_child.Id) ?? new ProcessIdentity(_child.Id, 0);
        _child.Input.Close();
        _reading = ReadAsync();
    }

    public ProcessIdentity Identity { get; }

    public bool HasEnded => _child.Completion.IsCompleted;

    /// <summary>Completes when it has ended, however long that takes, and gives the exit code.</summary>
    public async Task<int> WhenEndedAsync() => (await _child.Completion).ExitCode;

    public string Out => Text(_out);

    public string Error => Text(_error);

    /// <summary>Gives the exit code.</summary>
    public async Task<int> EndedAsync()
    {
        var exit = await _child.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await _reading;
        return exit.ExitCode;
    }

    /// <summary>Waits until it has printed this, on either stream.</summary>
    public Task SaidAsync(string text) => Eventually.TrueAsync(
        () => Out.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal)
            || (HasEnded ? throw new InvalidOperationException($"It ended before it said \"{text}\":\n{Out}\n{Error}") : false),
        $"\"{text}\" in:\n{Out}\n{Error}", TestContext.Current.CancellationToken);

    /// <summary>Sends a signal by name, to the process or to its whole group.</summary>
    public async Task SignalAsync(string name, bool group = false)
    {
        var pid = _child.Id.ToString(CultureInfo.InvariantCulture);
        await using var kill = ChildProcess.Start(new ChildStart("/bin/kill", ["-s", name, "--", group ? "-" + pid : pid]));
        Assert.Equal(0, (await kill.Completion).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _child.StopAsync([StopStep.Terminate, StopStep.KillTree], TimeSpan.FromSeconds(8));
        await _child.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_child.Output);
        while (await reader.ReadLineAsync() is { } line)
        {
            Keep(_out, line + "\n");
        }
    }

    private static void Keep(StringBuilder text, string line)
    {
        lock (text)
        {
            text.Append(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
