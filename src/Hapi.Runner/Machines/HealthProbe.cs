using System.Globalization;
using Hapi.Contracts.Machines;

namespace Hapi.Runner.Machines;

/// <summary>How the machine is. What the system does not tell is left out.</summary>
internal sealed class HealthProbe(TimeProvider time)
{
    private (long Busy, long Total)? _before = Processor();

    /// <summary>The processor's share is that since the last time.</summary>
    public MachineHealth Take()
    {
        var now = Processor();
        int? cpu = _before is { } before && now is { } after && after.Total > before.Total ? Percent(after.Busy - before.Busy, after.Total - before.Total) : null;
        _before = now ?? _before;
        return new(time.GetUtcNow().ToUnixTimeMilliseconds(), Environment.ProcessorCount, Load(), cpu, Memory(), Environment.TickCount64 / 1000);
    }

    // user nice system idle iowait irq softirq steal (proc(5))
    private static (long Busy, long Total)? Processor()
    {
        if (Line("/proc/stat", "cpu ") is not { } line)
        {
            return null;
        }

        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(f => long.TryParse(f, CultureInfo.InvariantCulture, out var n) ? n : 0).ToList();
        return fields.Count < 5 ? null : (fields.Sum() - fields[3] - fields[4], fields.Sum());
    }

    private static double? Load() => Text("/proc/loadavg") is { } text && double.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : null;

    private static int? Memory()
    {
        if (Kilobytes("MemTotal:") is { } total and > 0)
        {
            var free = Kilobytes("MemAvailable:") ?? (Kilobytes("MemFree:") ?? 0) + (Kilobytes("Buffers:") ?? 0) + (Kilobytes("Cached:") ?? 0);
            return Percent(total - free, total);
        }

        var memory = GC.GetGCMemoryInfo();
        return memory is { TotalAvailableMemoryBytes: > 0, MemoryLoadBytes: > 0 } ? Percent(memory.MemoryLoadBytes, memory.TotalAvailableMemoryBytes) : null;
    }

    private static long? Kilobytes(string name) =>
        Line("/proc/meminfo", name) is { } line && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out var n) ? n : null;

    private static int Percent(long part, long whole) => (int)Math.Clamp(Math.Round(100.0 * part / whole), 0, 100);

    private static string? Line(string file, string begins) => Text(file)?.Split('\n').FirstOrDefault(l => l.StartsWith(begins, StringComparison.Ordinal));

    private static string? Text(string file)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(file) : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
