using System.Text.Json;

namespace Hapi.Hub.Tests.Support;

/// <summary>Facts as a session process writes them.</summary>
public static class Facts
{
    public const long Then = 1_759_000_000_000;

    public static string Opened(string machine = "m1", string path = "/repo", long? at = null) => Json(new
    {
        kind = "session.opened",
        at = at ?? Then,
        tag = "t",
        flavor = "demo",
        metadata = new { path, host = "box", demoSessionId = "native-1" },
        agentState = new { controlledByUser = false },
        machine = new { id = machine, metadata = new { host = "box", platform = "linux" } },
    });

    /// <summary>The first fact of a process with a pid.</summary>
    public static string OpenedBy(long pid, string machine = "m1", long? at = null, string? native = "native-1", object? more = null)
    {
        var metadata = new Dictionary<string, object?> { ["path"] = "/repo", ["host"] = "box", ["hostPid"] = pid };
        if (native is not null)
        {
            metadata["demoSessionId"] = native;
        }

        foreach (var property in more?.GetType().GetProperties() ?? [])
        {
            metadata[property.Name] = property.GetValue(more);
        }

        return Json(new
        {
            kind = "session.opened",
            at = at ?? Then,
            tag = "t",
            flavor = "demo",
            metadata,
            agentState = new { controlledByUser = false },
            machine = new { id = machine, metadata = new { host = "box", platform = "linux" } },
            model = "opus",
            permissionMode = "plan",
        });
    }

    public static string Ready(long? at = null) => Json(new { kind = "session.ready", at = at ?? Then });

    public static string MachineOpened(string machine = "m1", object? metadata = null, object? runnerState = null) => Json(new
    {
        kind = "machine.opened",
        at = Then,
        machine = new { id = machine, metadata = metadata ?? new { host = "box", platform = "linux" } },
        runnerState = runnerState ?? new { status = "running", pid = 1 },
    });

    public static string Died(string session, long pid, long? at = null) => Json(new { kind = "process.died", at = at ?? Then + 10, sessionId = session, pid, startTime = 7, restarted = false });

    public static string Stopped(string session, long pid, string outcome = "terminated", long? at = null) => Json(new
    {
        kind = "process.stopped",
        at = at ?? Then + 10,
        sessionId = session,
        pid,
        startTime = 7,
        reason = "Stopped by runner",
        outcome,
        by = "phone",
        why = "stop-session",
    });

    public static string Message(string text, string? localId = null, long? at = null) => Json(new
    {
        kind = "message",
        at = at ?? Then,
        content = new { role = "agent", content = new { type = "codex", data = new { type = "message", message = text } }, meta = new { sentFrom = "cli" } },
        localId,
    });

    public static string Asks(string id, string tool = "Bash") => Json(new { kind = "request.opened", at = Then, id, tool, arguments = new { command = "ls" } });

    public static string Answered(string id, string status = "approved", string? by = null) => Json(new { kind = "request.closed", at = Then, id, status, decision = status, by });

    public static string Consumed(params string[] localIds) => Json(new { kind = "messages.consumed", at = Then, localIds });

    public static string Indeterminate(params string[] localIds) => Json(new { kind = "messages.indeterminate", at = Then, localIds });

    public static string Accepted(string id) => Json(new { kind = "command.accepted", at = Then, id });

    public static string Refused(string id, string code) => Json(new { kind = "command.refused", at = Then, id, code });

    public static string Metadata(object set, params string[] remove) => Json(new { kind = "metadata.patch", at = Then, set, remove });

    public static string Ended(string reason = "completed", string archiveReason = "Session completed") =>
        Json(new { kind = "session.ended", at = Then + 1, reason, archivedBy = "cli", archiveReason, exitCode = 0 });

    public static string Json(object value) => JsonSerializer.Serialize(value);
}
