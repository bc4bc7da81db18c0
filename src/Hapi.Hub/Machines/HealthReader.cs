using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;

namespace Hapi.Hub.Machines;

/// <summary>Reads how a machine says it is. Strict: a member that is unknown, missing or out of its range spoils the whole.</summary>
internal static class HealthReader
{
    private static readonly string[] s_members = ["collectedAt", "cpuCount", "load1m", "cpuPercent", "memoryPercent", "uptimeSeconds"];

    /// <summary>Gives <see langword="null"/> for what cannot be.</summary>
    public static MachineHealth? Read(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object || json.EnumerateObject().Any(m => !s_members.Contains(m.Name)))
        {
            return null;
        }

        try
        {
            return json.Deserialize(LinkJson.Default.MachineHealth) is { CollectedAt: >= 0, CpuCount: > 0, Load1m: null or >= 0, CpuPercent: null or (>= 0 and <= 100), MemoryPercent: null or (>= 0 and <= 100), UptimeSeconds: null or >= 0 } health
                ? health
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
