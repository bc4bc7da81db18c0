using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// Decides whether an end was an interruption: by a restart, or by a death without a word, and wanted by nobody. What is interrupted waits to
/// be brought back.
/// </summary>
internal static class Interruptions
{
    /// <summary>The label of an end that nobody asked for by name.</summary>
    public const string Restart = "Hub restart";

    /// <summary>Interrupted again within this time after it came back by itself: a crash.</summary>
    public static readonly TimeSpan CrashWindow = TimeSpan.FromMinutes(10);

    /// <summary>The session's own word about its end. It wins over what was made of its death.</summary>
    public static void Ended(SessionEdit edit, SessionEnded ended)
    {
        if (ended.ArchiveReason is Restart && !Wanted(edit))
        {
            Mark(edit, ended.ArchiveReason);
        }
        else
        {
            Clear(edit);
        }
    }

    /// <summary>Somebody's stop: nothing is to be brought back, whatever label the process could write, or writes later.</summary>
    public static void Stopped(SessionEdit edit, SessionProcess process)
    {
        if (Current(edit) == process && ProcessEndRows.Find(edit.Scope.Sql, process, ProcessEndRows.Stopped, edit.Row.OpenedAt) is not null)
        {
            Clear(edit);
        }
    }

    /// <summary>Ends a session whose process is proved to be gone, unless it is connected or has ended by its own word. Nothing is written in its name.</summary>
    public static void EndIfGone(SessionEdit edit)
    {
        if (edit.Row.EndedAt is not null || edit.IsConnected || Current(edit) is not { } process
            || ProcessEndRows.Find(edit.Scope.Sql, process, ProcessEndRows.Gone, edit.Row.OpenedAt) is not { } at)
        {
            return;
        }

        at = Math.Min(at, edit.Scope.Now);
        edit.ChangeAgentState(state => Requests.CancelAll(state, at, "Session ended"));
        edit.End("terminated", at);
        if (!Wanted(edit))
        {
            Mark(edit, null);
        }
    }

    /// <summary>A person has decided that the process of this generation is to end: it is not to come back by itself.</summary>
    public static void Forbid(SessionEdit edit)
    {
        Clear(edit);
        if (!edit.Row.StopWanted)
        {
            edit.Row.StopWanted = true;
            edit.Touch();
        }
    }

    private static void Clear(SessionEdit edit)
    {
        if (edit.Row.InterruptedAt is not null)
        {
            edit.Row.InterruptedAt = null;
            edit.Touch();
        }
    }

    /// <summary>The process of the newest generation, as far as it is known.</summary>
    public static SessionProcess? Current(SessionEdit edit) =>
        edit.Row is { MachineId: { } machine } row && edit.Metadata["hostPid"] is JsonValue value && value.TryGetValue(out long pid) ? new(row.Namespace, row.Id, machine, pid) : null;

    private static bool Wanted(SessionEdit edit) =>
        edit.Row.StopWanted || (Current(edit) is { } process && ProcessEndRows.Find(edit.Scope.Sql, process, ProcessEndRows.Stopped, edit.Row.OpenedAt) is not null);

    private static void Mark(SessionEdit edit, string? reason)
    {
        var row = edit.Row;
        if (row.InterruptedAt is null)
        {
            SessionAudit.Interrupted(edit, reason);
            row.InterruptedAt = edit.Scope.Now;
            row.Crashes = row.ReopenedAt is { } reopened && edit.Scope.Now - reopened <= CrashWindow.TotalMilliseconds ? row.Crashes + 1 : 0;
            edit.Touch();
        }
    }
}
