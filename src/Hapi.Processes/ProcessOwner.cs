using System.Globalization;
using System.Text;

namespace Hapi.Processes;

/// <summary>Whose a process is, beyond its pid. Linux tells; elsewhere nothing is known, and the system itself refuses signals to other users' processes.</summary>
public static class ProcessOwner
{
    /// <summary>Whether the process runs as the user that this one runs as; <see langword="null"/> when nobody can tell.</summary>
    public static bool? IsSameUser(int pid) => OperatingSystem.IsLinux() ? UserOf("self") is { } me && UserOf(pid.ToString(CultureInfo.InvariantCulture)) is { } it ? me == it : null : null;

    /// <summary>A variable of the environment the process was started with; <see langword="null"/> when it has none of that name, or nobody can tell.</summary>
    public static string? Variable(int pid, string name)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0').FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
                : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // proc_pid_status(5): "Uid: real effective saved filesystem".
    private static string? UserOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("Uid:", StringComparison.Ordinal))?.Split('\t')[2];
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
