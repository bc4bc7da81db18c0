namespace Hapi.Processes;

/// <summary>Signals to one process, by a proof of who it is.</summary>
public static class Signals
{
    /// <summary>Gives <see langword="true"/> when the process was there and was signalled. A reused pid is never signalled.</summary>
    public static bool Terminate(ProcessIdentity process) => Send(process, Posix.SigTerm);

    public static bool Interrupt(ProcessIdentity process) => Send(process, Posix.SigInt);

    public static bool Kill(ProcessIdentity process) => Send(process, Posix.SigKill);

    private static bool Send(ProcessIdentity process, int signal)
    {
        if (!process.IsAlive())
        {
            return false;
        }

        if (!OperatingSystem.IsWindows())
        {
            return Posix.Kill(process.Pid, signal) == 0;
        }

        using var target = System.Diagnostics.Process.GetProcessById(process.Pid);
        target.Kill(entireProcessTree: false);
        return true;
    }
}
