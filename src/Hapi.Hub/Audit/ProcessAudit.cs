using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>What a runner tells of itself and of the processes it watches.</summary>
internal static class ProcessAudit
{
    /// <summary>The runner's own word on a stop, whatever label the session could write.</summary>
    public static void Stopped(WriteScope scope, string @namespace, string machineId, string? host, ProcessStopped fact) =>
        Add(scope, @namespace, machineId, fact.SessionId, AuditKinds.ProcessStopped, Stopper(machineId, host, fact.By), AuditChannels.Control, fact.Why, fact.Reason, new JsonObject
        {
            ["pid"] = fact.Pid, ["outcome"] = fact.Outcome, ["by"] = fact.By, ["happenedAt"] = fact.At,
        });

    public static void Died(WriteScope scope, string @namespace, string machineId, string? host, ProcessDied fact) =>
        Add(scope, @namespace, machineId, fact.SessionId, AuditKinds.ProcessDied, AuditActor.Runner(machineId, host), AuditChannels.Link, null, fact.Restarted ? "The machine restarted" : null, new JsonObject
        {
            ["pid"] = fact.Pid, ["exitCode"] = fact.ExitCode, ["happenedAt"] = fact.At,
        });

    public static void RunnerStarted(WriteScope scope, string @namespace, string machineId, string? host, string? version) =>
        Add(scope, @namespace, machineId, null, AuditKinds.RunnerStarted, AuditActor.Runner(machineId, host), AuditChannels.Link, null, null, version is null ? null : new JsonObject { ["version"] = version });

    /// <param name="by">Who wanted it, as the runner's state says (<c>shutdownSource</c>).</param>
    public static void RunnerStopped(WriteScope scope, string @namespace, string machineId, string? host, string? by) =>
        Add(scope, @namespace, machineId, null, AuditKinds.RunnerStopped, AuditActor.Runner(machineId, host), AuditChannels.Link, null, null, by is null ? null : new JsonObject { ["by"] = by });

    public static void MachineRenamed(WriteScope scope, string @namespace, string machineId, Asker asker, string? before, string? after) =>
        scope.Audit.Add(new AuditEntry(AuditKinds.MachineRenamed, @namespace, asker.Actor, asker.Channel)
        {
            MachineId = machineId,
            Before = before is null ? null : new JsonObject { ["name"] = before },
            After = after is null ? null : new JsonObject { ["name"] = after },
        });

    private static AuditActor Stopper(string machineId, string? host, string by) => by switch
    {
        "runner" => AuditActor.Runner(machineId, host),
        "cli" or "doctor" or "up" => AuditActor.Cli(by),
        _ => new AuditActor(by is "owner" ? "user" : "device", null, by),
    };

    private static void Add(WriteScope scope, string @namespace, string machineId, string? sessionId, string kind, AuditActor actor, string channel, string? subject, string? reason, JsonObject? after) =>
        scope.Audit.Add(new AuditEntry(kind, @namespace, actor, channel) { MachineId = machineId, SessionId = sessionId, Subject = subject, Reason = reason, After = after });
}
