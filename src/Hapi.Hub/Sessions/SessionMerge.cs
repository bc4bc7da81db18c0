using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Hub.Audit;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// One conversation, one session: history that was imported becomes part of the session that goes on with it. Everything happens in the
/// transaction of whoever asks, so it happens whole or not at all.
/// </summary>
internal static class SessionMerge
{
    private static readonly string[] s_pins = ["none", "project", "global"];
    private static readonly string[] s_fillIns = ["name", "worktree", "path", "host", "preferredPermissionMode", "preferredCopilotAgentMode"];

    /// <summary>A row that came from an agent's own files and that no process has opened since.</summary>
    public static bool IsImport(JsonObject metadata) =>
        metadata.Text("lifecycleState") is "imported" || metadata.Text("archivedBy")?.EndsWith("-import", StringComparison.Ordinal) is true;

    /// <summary>
    /// A session has got to know which conversation it is: imports of the same one are merged. With more than one running session of it nobody can
    /// say which of them the user looks at, and nothing is done. Gives the session that has the whole history.
    /// </summary>
    public static SessionEdit Absorb(SessionEdit session)
    {
        if (NativeIds.Of(session.Metadata, session.Row.Flavor) is not { } native)
        {
            return session;
        }

        var same = SessionRows.Mentioning(session.Scope.Sql, session.Row.Namespace, native).Append(session.Row.Id).Distinct()
            .Select(id => session.Edits.Find(session.Scope, id)).OfType<SessionEdit>().Where(other => IsSame(other, session, native)).ToList();
        var running = same.Where(IsRunning).ToList();
        if (running.Count > 1 || !same.Exists(s => IsImport(s.Metadata)))
        {
            return session;
        }

        var target = same.OrderByDescending(IsRunning).ThenBy(s => IsImport(s.Metadata)).ThenByDescending(s => s.Row.UpdatedAt).ThenByDescending(s => s == session).First();
        foreach (var import in same.Where(s => s != target && IsImport(s.Metadata)))
        {
            Merge(import, target);
        }

        return target;
    }

    /// <summary>Makes all of <paramref name="from"/> part of <paramref name="into"/>, and removes it. Both are of one namespace.</summary>
    public static void Merge(SessionEdit from, SessionEdit into)
    {
        MoveMessages(from, into);
        into.ChangeMetadata(metadata => FillIn(metadata, from.Metadata));
        into.Row.Model ??= from.Row.Model;
        into.Row.Effort ??= from.Row.Effort;
        into.Row.ModelReasoningEffort ??= from.Row.ModelReasoningEffort;
        into.Row.Pin = s_pins[Math.Max(Array.IndexOf(s_pins, from.Row.Pin), Array.IndexOf(s_pins, into.Row.Pin))];
        if (from.Row.Todos is { } todos && from.Row.TodosUpdatedAt > into.Row.TodosUpdatedAt)
        {
            into.SetTodos(todos, from.Row.TodosUpdatedAt);
        }

        into.ChangeAgentState(state => Unite(state, from.AgentState));
        into.Touch();
        SessionAudit.Merged(into, from, removed: true);
        from.Remove();
    }

    // A row of another conversation may mention the id somewhere in its texts.
    private static bool IsSame(SessionEdit other, SessionEdit session, string native) =>
        other.Row.Namespace == session.Row.Namespace
        && other.Metadata.Text(NativeIds.KeyOf(session.Row.Flavor))?.Trim() == native
        // Pi numbers its conversations on each machine anew.
        && (session.Row.Flavor is not "pi" || (other.Metadata.Text("machineId") ?? other.Row.MachineId) == (session.Metadata.Text("machineId") ?? session.Row.MachineId));

    // A session without a link may run all the same, on a machine that is out of reach.
    private static bool IsRunning(SessionEdit session) => session.Row.EndedAt is null && !IsImport(session.Metadata);

    private static void MoveMessages(SessionEdit from, SessionEdit into)
    {
        var sql = into.Scope.Sql;
        into.Scope.Log.Flush(); // what it says of messages of this transaction is renumbered with them
        if (MessageRows.Move(sql, from.Row.Id, from.Row.MessageSeq, into.Row.Id) == 0)
        {
            return;
        }

        CommandRows.MoveMessages(sql, from.Row.Id, into.Row.Id);
        into.Row.MessageSeq += from.Row.MessageSeq;
        into.Row.HeadAt = Math.Max(into.Row.HeadAt, from.Row.HeadAt);
        into.Row.Epoch++;
        into.Publish(EventKinds.Invalidated, null, new MessagesInvalidated(into.Row.Id, into.Row.Namespace), HubJson.Default.MessagesInvalidated);
        into.Wake();
    }

    private static void FillIn(JsonObject into, JsonObject from)
    {
        foreach (var key in s_fillIns.Concat(NativeIds.Known))
        {
            if (into[key] is null && from[key] is { } value)
            {
                into[key] = value.DeepClone();
            }
        }

        if (from["summary"] is JsonObject title && TitledAt(title) > TitledAt(into["summary"] as JsonObject))
        {
            into["summary"] = title.DeepClone();
        }
    }

    private static long TitledAt(JsonObject? title) => title is null ? -1 : title["updatedAt"] is JsonValue at && at.TryGetValue(out long ms) ? ms : 0;

    private static void Unite(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (key is Requests.Open or Requests.Completed && value is JsonObject older)
            {
                var whole = (JsonObject)older.DeepClone();
                foreach (var (id, request) in into[key] as JsonObject ?? [])
                {
                    whole[id] = request?.DeepClone();
                }

                into[key] = whole;
            }
            else if (!into.ContainsKey(key))
            {
                into[key] = value?.DeepClone();
            }
        }

        foreach (var (id, _) in into[Requests.Completed] as JsonObject ?? [])
        {
            (into[Requests.Open] as JsonObject)?.Remove(id);
        }
    }
}
