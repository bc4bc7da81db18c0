namespace Hapi.Contracts.Machines;

/// <summary>How a machine is. Percentages are integers from 0 to 100; what a system cannot tell is absent.</summary>
public sealed record MachineHealth(long CollectedAt, int CpuCount, double? Load1m = null, int? CpuPercent = null, int? MemoryPercent = null, long? UptimeSeconds = null);
