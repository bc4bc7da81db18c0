using System.Diagnostics;
using System.Globalization;

namespace Hapi.Bench.Hubs;

/// <summary>What a process takes of the machine, as the kernel counts it.</summary>
internal sealed class ProcessUsage(int pid)
{
    private const double TicksASecond = 100;

    /// <summary>Resident, in MB.</summary>
    public double Memory => Status("VmRSS:");

    /// <summary>The most that was ever resident, in MB.</summary>
    public double MemoryPeak => Status("VmHWM:");

    private TimeSpan Cpu
    {
        get
        {
            // The second field is the name in brackets, and may hold blanks.
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksASecond);
        }
    }

    /// <summary>Runs something and gives the share of one core that the process took meanwhile, in percent.</summary>
    public async Task<double> CpuDuringAsync(Func<Task> action)
    {
        var (begun, before) = (Stopwatch.GetTimestamp(), Cpu);
        await action();
        return 100 * (Cpu - before) / Stopwatch.GetElapsedTime(begun);
    }

    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024.0;
    }
}
