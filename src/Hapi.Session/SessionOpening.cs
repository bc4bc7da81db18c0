using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Session.Records;

namespace Hapi.Session;

/// <summary>How a session begins: its record, and its first fact.</summary>
internal static class SessionOpening
{
    /// <summary>The record of this start. What an earlier one knew of the conversation stays; how it ended does not.</summary>
    public static SessionRecord Record(SessionOptions options, SessionRecord? earlier)
    {
        var now = new SessionRecord(options.SessionId, options.Flavor.Id, options.Agent.Directory, options.Agent.Command);
        return now with { NativeSessionId = options.Agent.NativeSessionId ?? earlier?.NativeSessionId, Titled = earlier?.Titled ?? false };
    }

    public static SessionOpened Fact(SessionOptions options, SessionRecord record, long now)
    {
        var userHome = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var os = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var metadata = new JsonObject
        {
            ["path"] = options.Agent.Directory,
            ["host"] = options.HostName,
            ["version"] = options.Version,
            ["os"] = os,
            ["machineId"] = options.MachineId,
            ["homeDir"] = userHome,
            ["happyHomeDir"] = options.Home,
            ["startedFromRunner"] = options.StartedBy is "runner",
            ["startedBy"] = options.StartedBy,
            ["hostPid"] = Environment.ProcessId,
            ["startingMode"] = "remote",
            ["lifecycleState"] = "running",
            ["lifecycleStateSince"] = now,
            ["flavor"] = options.Flavor.Id,
            ["capabilities"] = new JsonObject { ["terminal"] = false },
        };
        if (options.Flavor.NativeIdKey is { } key && record.NativeSessionId is { } native)
        {
            metadata[key] = native;
        }

        var machine = new JsonObject
        {
            ["host"] = options.HostName,
            ["platform"] = os,
            ["happyCliVersion"] = options.Version,
            ["homeDir"] = userHome,
            ["happyHomeDir"] = options.Home,
        };
        var state = new JsonObject { ["controlledByUser"] = false, ["startingMode"] = "remote" };
        return new SessionOpened(
            now, options.SessionId, options.Flavor.Id, SessionLog.Raw(metadata), SessionLog.Raw(state),
            new MachineIdentity(options.MachineId, SessionLog.Raw(machine)), options.Agent.Model, options.Agent.Effort, options.Agent.PermissionMode);
    }
}
