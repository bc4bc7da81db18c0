using System.Runtime.InteropServices;

namespace Hapi.Processes;

/// <summary>The system calls the framework does not offer. Unix only.</summary>
internal static partial class Posix
{
    public const int SigHup = 1, SigInt = 2, SigKill = 9, SigTerm = 15, SigStop = 19;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getpgid", SetLastError = true)]
    public static partial int GetProcessGroup(int pid);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetProcessGroup(int pid, int group);
}
