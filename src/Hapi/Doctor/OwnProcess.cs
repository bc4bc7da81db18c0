using Hapi.Processes;

namespace Hapi.Doctor;

/// <summary>Proves that a process belongs to this home. A pid proves nothing, and a state file may be copied.</summary>
internal static class OwnProcess
{
    /// <summary>Gives <see langword="null"/> when the live process is ours, else why that is not proved.</summary>
    public static string? Doubt(ProcessIdentity process, string home)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null; // pid and start time are all there is; the system refuses signals to other users' processes
        }

        return ProcessOwner.IsSameUser(process.Pid) is not true ? "it runs as another user"
            : HomeOf(process.Pid) is not { } its ? "its home cannot be seen"
            : its == home || Target(its) == Target(home) ? null
            : $"it belongs to the Hapi of {its}";
    }

    private static string? HomeOf(int pid) =>
        ProcessOwner.Variable(pid, "HAPI_HOME") is { Length: > 0 } given ? (Path.IsPathFullyQualified(given) ? Path.GetFullPath(given) : null)
        : ProcessOwner.Variable(pid, "HOME") is { Length: > 0 } user ? Path.Combine(user, ".hapi")
        : null;

    private static string Target(string folder) => Directory.Exists(folder) ? Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder.TrimEnd('/') : folder;
}
