using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>The rows that tell of a session's life. Each is added in the transaction of the change it tells of.</summary>
internal static class SessionAudit
{
    // A fact that comes after an outage says itself when it happened.
    private const long Late = 60_000;
    private const int LookBack = 20;

    /// <summary>A process has opened the session: for the first time, or again. To be called before the row says so.</summary>
    public static void Opened(SessionEdit edit, SessionOpened opened, long generation)
    {
        var row = edit.Row;
        var first = row.Generation == 0;
        var again = !first && (row.EndedAt is not null || edit.Metadata.Text("lifecycleState") is "archived") && !IsAskedFor(edit);
        var metadata = JsonObjects.Parse(opened.Metadata);
        Add(edit, again ? AuditKinds.SessionReopened : AuditKinds.SessionStarted,
            metadata.Text("startedBy") is "runner" ? AuditActor.Runner(opened.Machine.Id, metadata.Text("host")) : new AuditActor("cli", opened.Machine.Id, metadata.Text("host")),
            AuditChannels.Link, opened.Flavor, null, first ? null : Labels(edit.Metadata),
            Told(edit, opened.At, new JsonObject { ["generation"] = generation, ["path"] = metadata.Text("path"), ["startedBy"] = metadata.Text("startedBy") }), opened.Machine.Id);
    }

    /// <summary>The process has told its end. Who began it stands in the fact.</summary>
    public static void Ended(SessionEdit edit, SessionEnded ended)
    {
        var (actor, channel) = WhoEnded(edit, ended);
        Add(edit, AuditKinds.SessionEnded, actor, channel, null, ended.ArchiveReason, null,
            Told(edit, ended.At, new JsonObject { ["reason"] = ended.Reason, ["cause"] = ended.Cause, ["by"] = ended.By, ["archivedBy"] = ended.ArchivedBy, ["exitCode"] = ended.ExitCode }), edit.Row.MachineId);
    }

    /// <summary>A person wants it archived.</summary>
    public static void Archived(SessionEdit edit, Asker asker) =>
        Add(edit, AuditKinds.SessionArchived, asker.Actor, asker.Channel, null, "User terminated", Labels(edit.Metadata), null);

    /// <summary>Nobody answered, and the hub has written the labels itself.</summary>
    public static void Marked(SessionEdit edit, string reason, string by) =>
        Add(edit, AuditKinds.SessionEnded, AuditActor.Hub, AuditChannels.Hub, null, reason, null, new JsonObject { ["reason"] = "terminated", ["archivedBy"] = "hub", ["by"] = by });

    /// <summary>A session is wanted back, and its machine is told to start it. Without somebody who asks, its runner has asked for all that were interrupted.</summary>
    public static void Reopened(SessionEdit edit, Asker? asker) =>
        Add(edit, AuditKinds.SessionReopened, asker?.Actor ?? AuditActor.Runner(edit.Row.MachineId ?? ""), asker?.Channel ?? AuditChannels.Link, null,
            asker is null ? "Interrupted" : null, Labels(edit.Metadata), null, edit.Row.MachineId);

    /// <summary>It could not be brought back, and is again as it was.</summary>
    public static void ReopenFailed(SessionEdit edit, string why) =>
        Add(edit, AuditKinds.SessionReopenFailed, AuditActor.Hub, AuditChannels.Hub, null, why, null, null, edit.Row.MachineId);

    /// <summary>It ended without a person's or the runner's will, and may be reopened by itself.</summary>
    /// <param name="reason">The label of its end; absent when it died without a word.</param>
    public static void Interrupted(SessionEdit edit, string? reason) =>
        Add(edit, AuditKinds.SessionInterrupted, AuditActor.Hub, AuditChannels.Hub, null, reason, null, null, edit.Row.MachineId);

    public static void Renamed(SessionEdit edit, Asker asker, string name) =>
        Add(edit, AuditKinds.SessionRenamed, asker.Actor, asker.Channel, "name", null, new JsonObject { ["name"] = edit.Metadata.Text("name") }, new JsonObject { ["name"] = name });

    /// <summary>A person wrote the title that agents write from prompts: that it was written is told, its words are not.</summary>
    public static void Titled(SessionEdit edit, Asker asker) => Add(edit, AuditKinds.SessionRenamed, asker.Actor, asker.Channel, "summary", null, null, null);

    public static void Deleted(SessionEdit edit, Asker asker)
    {
        var before = Labels(edit.Metadata);
        (before["name"], before["path"], before["flavor"]) = (edit.Metadata.Text("name"), edit.Metadata.Text("path"), edit.Row.Flavor);
        Add(edit, AuditKinds.SessionDeleted, asker.Actor, asker.Channel, null, null, before, null);
    }

    /// <summary>What was another row of the same conversation is part of this one now.</summary>
    public static void Merged(SessionEdit into, SessionEdit from, bool removed) =>
        Add(into, AuditKinds.SessionMerged, AuditActor.Hub, AuditChannels.Hub, from.Row.Id, null, null, new JsonObject { ["from"] = from.Row.Id, ["removed"] = removed });

    /// <summary>
    /// An open request was answered. A person's answer is a row of the commands; without one the process decided by itself, and what the agent
    /// withdrew was answered by nobody.
    /// </summary>
    public static void Answered(SessionEdit edit, RequestClosed closed, string? tool)
    {
        if (closed.Status is not ("approved" or "denied"))
        {
            return;
        }

        var answer = CommandRows.About(edit.Scope.Sql, edit.Row.Id, CommandKinds.PermissionAnswer, closed.Id);
        var (actor, channel) = closed.By is { } by
            ? (Asking(answer, by), answer?.Command.By == by ? answer.Channel ?? AuditChannels.Web : AuditChannels.Link)
            : (AuditActor.Session(edit.Row.Id), AuditChannels.Link);
        Add(edit, closed.Status is "approved" ? AuditKinds.PermissionApproved : AuditKinds.PermissionDenied, actor, channel, tool, null, null,
            Told(edit, closed.At, new JsonObject
            {
                ["requestId"] = closed.Id,
                ["decision"] = closed.Decision ?? closed.Status,
                ["mode"] = closed.Mode,
                ["allowTools"] = closed.AllowTools is { Count: > 0 } tools ? new JsonArray([.. tools.Select(t => (JsonNode?)t)]) : null,
            }));
    }

    /// <summary>The process's own remark. What it claims is told as its claim.</summary>
    public static void Noted(SessionEdit edit, AuditFact fact) =>
        Add(edit, AuditKinds.SessionNoted, new AuditActor("session", edit.Row.Id, fact.Actor), AuditChannels.Link, fact.Action, fact.Subject, null,
            Told(edit, fact.At, fact.Detail is { } detail && !detail.IsNull ? JsonObjects.Parse(detail) : []));

    internal static void Add(
        SessionEdit edit, string kind, AuditActor actor, string channel, string? subject, string? reason, JsonObject? before, JsonObject? after, string? machineId = null) =>
        edit.Scope.Audit.Add(new AuditEntry(kind, edit.Row.Namespace, actor, channel)
        {
            SessionId = edit.Row.Id,
            MachineId = machineId,
            Subject = subject,
            Reason = reason,
            Before = Present(before),
            After = Present(after),
        });

    /// <summary>Who asked for a command; by name alone when the command is not there any more.</summary>
    internal static AuditActor Asking(CommandRow? command, string by) =>
        command is { AskedById: { } device } && command.Command.By == by ? new("device", device, by) : new(by is "owner" or "terminal" ? "user" : "device", null, by);

    // Then who asked has the reopening, and the process only starts.
    private static bool IsAskedFor(SessionEdit edit) =>
        AuditRows.Before(edit.Scope.Sql, long.MaxValue, LookBack, new AuditFilter(edit.Row.Namespace, edit.Row.Id))
            .Find(row => row.Kind is AuditKinds.SessionReopened or AuditKinds.SessionReopenFailed or AuditKinds.SessionStarted or AuditKinds.SessionEnded or AuditKinds.SessionInterrupted) is { Kind: AuditKinds.SessionReopened };

    private static (AuditActor Actor, string Channel) WhoEnded(SessionEdit edit, SessionEnded ended) => ended.Cause switch
    {
        "archive" when ended.By is { } by => Stopper(edit, by),
        "control" or "handoff" => (ended.By switch
        {
            "runner" => new AuditActor("runner", edit.Row.MachineId, "runner"),
            var by => AuditActor.Cli(by),
        }, AuditChannels.Control),
        "sigint" or "sighup" => (AuditActor.AtTerminal, AuditChannels.Signal),
        "sigterm" => (AuditActor.Session(edit.Row.Id), AuditChannels.Signal),
        "completed" or "agent_failed" => (AuditActor.Agent(edit.Row.Flavor), AuditChannels.Link),
        _ => (AuditActor.Session(edit.Row.Id), AuditChannels.Link),
    };

    private static (AuditActor Actor, string Channel) Stopper(SessionEdit edit, string by)
    {
        var stop = CommandRows.Newest(edit.Scope.Sql, edit.Row.Id, CommandKinds.Stop);
        return (Asking(stop, by), stop?.Channel ?? AuditChannels.Web);
    }

    private static JsonObject Labels(JsonObject metadata) => new()
    {
        ["lifecycleState"] = metadata.Text("lifecycleState"),
        ["archivedBy"] = metadata.Text("archivedBy"),
        ["archiveReason"] = metadata.Text("archiveReason"),
    };

    private static JsonObject Told(SessionEdit edit, long at, JsonObject after)
    {
        if (Math.Abs(edit.Scope.Now - at) > Late)
        {
            after["happenedAt"] = at;
        }

        return after;
    }

    private static JsonObject? Present(JsonObject? document)
    {
        foreach (var absent in document?.Where(p => p.Value is null).Select(p => p.Key).ToList() ?? [])
        {
            document!.Remove(absent);
        }

        return document;
    }
}
