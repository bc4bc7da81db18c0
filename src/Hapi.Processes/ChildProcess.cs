using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Hapi.Processes;

/// <summary>
/// A child process we own: started once, its streams belong to the caller, and when this object is disposed
/// neither it nor anything it spawned is left running.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_lastWait = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly ProcessTree _tree;
    private readonly StderrTail _tail;
    private readonly ProcessIdentity? _identity;
    private int _disposed;

    private ChildProcess(Process process, ChildStart start, string mark, bool ownsSession, TimeProvider time)
    {
        (_process, _time, _tail) = (process, time, new StderrTail(start.OnErrorLine));
        Id = process.Id;
        _identity = ProcessIdentity.Of(Id);
        _tree = new ProcessTree(process, _identity, mark, ownsSession);
        Completion = WatchAsync();
    }

    public int Id { get; }

    /// <summary>The child's stdin, raw.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The child's stdout, raw.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Completes when the process is gone. It never faults: a crash is a report, not an exception.</summary>
    public Task<ExitReport> Completion { get; }

    /// <exception cref="ProgramNotFoundException">There is no such program, or it cannot be run.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory does not exist.</exception>
    public static ChildProcess Start(ChildStart start, TimeProvider? time = null)
    {
        var mark = Guid.NewGuid().ToString("N");
        // A child of ours leads no group, so setsid(1) becomes the program itself: same pid, same streams.
        var setsid = start.OwnSession && OperatingSystem.IsLinux() && Executables.Find(start.FileName, Environment.GetEnvironmentVariable("PATH")) is not null
            ? Executables.Find("setsid", "/usr/bin:/bin") : null;
        if (start.WorkingDirectory is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder \"{folder}\" does not exist.");
        }

        var info = new ProcessStartInfo(setsid ?? start.FileName, setsid is null ? start.Arguments : [start.FileName, .. start.Arguments])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            WorkingDirectory = start.WorkingDirectory ?? "",
        };
        if (start.Environment is { } environment)
        {
            info.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                info.Environment[name] = value;
            }
        }

        info.Environment[ProcessTree.MarkName] = mark;
        try
        {
            var process = new Process { StartInfo = info };
            process.Start();
            return new ChildProcess(process, start, mark, setsid is not null, time ?? TimeProvider.System);
        }
        catch (Win32Exception ex)
        {
            throw new ProgramNotFoundException(start.FileName, ex);
        }
    }

    /// <summary>
    /// Asks, then insists: one step after another, each with the same patience; the last step always kills everything that came out of the child.
    /// </summary>
    public async Task<ExitReport> StopAsync(IReadOnlyList<StopStep> ladder, TimeSpan patience)
    {
        foreach (var step in ladder)
        {
            if (Completion.IsCompleted)
            {
                break;
            }

            Take(step);
            try
            {
                await Completion.WaitAsync(patience, _time);
            }
            catch (TimeoutException)
            {
                // The next step is firmer.
            }
        }

        // Also after an orderly end: what the child left running goes with it.
        Take(StopStep.KillTree);
        return await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Take(StopStep.KillTree);
        try
        {
            await Completion.WaitAsync(s_lastWait, _time);
        }
        catch (TimeoutException)
        {
            // A process in an uninterruptible wait; the kernel ends it when it can.
        }

        _process.Dispose();
    }

    private async Task<ExitReport> WatchAsync()
    {
        var stderr = _tail.ReadAsync(_process.StandardError);
        await _process.WaitForExitAsync();
        try
        {
            // A descendant may hold stderr open for ever; its last words come at once or not at all.
            await stderr.WaitAsync(TimeSpan.FromMilliseconds(200), _time);
        }
        catch (Exception)
        {
            // Late, closed under us, or a listener that failed: how the child ended stands all the same.
        }

        return new ExitReport(_process.ExitCode, _tail.ToString());
    }

    private void Take(StopStep step)
    {
        _tree.Look();
        switch (step)
        {
            case StopStep.CloseInput:
                CloseInput();
                break;
            case StopStep.Interrupt:
                Send(Posix.SigInt);
                break;
            case StopStep.Terminate:
                Send(Posix.SigTerm);
                break;
            case StopStep.KillTree:
                _tree.Kill();
                break;
        }
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Closing flushes; a child that is gone cannot take it.
        }
    }

    private void Send(int signal)
    {
        if (!OperatingSystem.IsWindows() && _identity is { } child && child.IsAlive())
        {
            _ = Posix.Kill(Id, signal);
        }
    }
}
