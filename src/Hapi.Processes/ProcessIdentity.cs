using System.Diagnostics;
using System.Globalization;

namespace Hapi.Processes;

/// <summary>
/// A process that cannot be mistaken for another: its pid and when it started. <c>StartTime</c> is in clock ticks since boot on Linux,
/// in milliseconds since 1970 elsewhere; it is compared, never shown.
/// </summary>
public readonly record struct ProcessIdentity(int Pid, long StartTime)
{
    public static ProcessIdentity Current => Of(Environment.ProcessId) ?? throw new InvalidOperationException("This process cannot see itself.");

    /// <summary>Gives <see langword="null"/> when there is no such process, or only its remains (a zombie).</summary>
    public static ProcessIdentity? Of(int pid) =>
        OperatingSystem.IsLinux()
            ? ProcStat.Read(pid) is { State: not 'Z' and not 'X' } stat ? new(pid, stat.StartTime) : null
            : Elsewhere(pid);

    public bool IsAlive() => Of(Pid) is { } now && now.StartTime == StartTime;

    private static ProcessIdentity? Elsewhere(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return new(pid, new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds());
        }
        catch (Exception ex) when (ex is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>One line of <c>/proc/&lt;pid&gt;/stat</c> (proc(5)).</summary>
internal readonly record struct ProcStat(int Pid, char State, int Parent, int Group, int Session, long StartTime)
{
    public static ProcStat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The name is in parentheses and may hold anything; the fields begin after the last one.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(pid, fields[0][0], Number(fields[1]), Number(fields[2]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    public static IEnumerable<ProcStat> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } stat)
            {
                yield return stat;
            }
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
