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
