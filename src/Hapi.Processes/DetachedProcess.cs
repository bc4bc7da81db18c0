using System.Diagnostics;

namespace Hapi.Processes;

/// <summary>Starts programs that outlive us: a session of their own, no terminal, no stream of ours.</summary>
public static class DetachedProcess
{
    /// <summary>
    /// Starts it with stdin empty and both outputs appended to <paramref name="logFile"/>. Nobody here waits for it: one that has
    /// ended at once is told by an identity that is not alive.
    /// </summary>
    /// <exception cref="ProgramNotFoundException">There is no such program, or it cannot be run.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public static ProcessIdentity Start(ChildStart start, string logFile)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Detached processes are started by the service manager on Windows.");
        }

        // A shell between us starts it in a session of its own and prints its pid: the child is then nobody's,
        // and no handle of ours goes along. "exec" keeps the pid.
        const string Script = "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!";
        var launcher = OperatingSystem.IsLinux() && Executables.Find("setsid", "/usr/bin:/bin") is { } setsid ? new[] { setsid } : [];
        var info = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", logFile, .. launcher, start.FileName, .. start.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
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

        info.Environment.Remove(ProcessTree.MarkName);
        if (!Executables.IsRunnable(start.FileName))
        {
            throw new ProgramNotFoundException(start.FileName);
        }

        File.AppendAllText(logFile, ""); // the shell between us could not tell us why it fails

        using var shell = new Process { StartInfo = info };
        shell.Start();
        shell.StandardInput.Close();
        var pid = int.Parse(shell.StandardOutput.ReadLine() ?? "", System.Globalization.CultureInfo.InvariantCulture);
        shell.WaitForExit();
        return ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, 0);
    }
}
