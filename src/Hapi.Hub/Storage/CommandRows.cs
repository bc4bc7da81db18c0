using System.Data.Common;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Storage;

/// <summary>A command as it is stored. <c>State</c> is stored (no process can have it), sent (one may), accepted, refused, cancelled or expired. <c>Subject</c> is what it is about: a message or request id. <c>AskedById</c> is the device, <c>Channel</c> the way it came by.</summary>
internal sealed record CommandRow(Command Command, string SessionId, string State, string? Subject, string? Code, string? AskedById = null, string? Channel = null);

/// <summary>The statements of the commands table.</summary>
internal static class CommandRows
{
    private const string Columns = "id, kind, at, asked_by, body, session_id, state, subject, code, asked_by_id, asked_by_way";

    public static void Insert(SqlScope sql, string sessionId, Command command, string? subject, string state = "stored", Audit.Asker? asker = null) => sql.Execute(
        "insert into commands (id, session_id, kind, at, asked_by, asked_by_id, asked_by_way, subject, body, state) values (@id, @session, @kind, @at, @by, @by_id, @by_way, @subject, @body, @state)",
        ("@id", command.Id), ("@session", sessionId), ("@kind", command.Kind), ("@at", command.At), ("@by", command.By), ("@by_id", asker?.Actor.Id), ("@by_way", asker?.Channel), ("@subject", subject), ("@body", command.Body.Utf8.ToArray()), ("@state", state));

    public static CommandRow? Find(SqlScope sql, string sessionId, string id) =>
        sql.Row($"select {Columns} from commands where session_id = @session and id = @id", Read, ("@session", sessionId), ("@id", id));

    /// <summary>The newest command of a kind about a subject.</summary>
    public static CommandRow? About(SqlScope sql, string sessionId, string kind, string subject) => sql.Row(
        $"select {Columns} from commands where session_id = @session and kind = @kind and subject = @subject order by seq desc limit 1", Read,
        ("@session", sessionId), ("@kind", kind), ("@subject", subject));

    /// <summary>The newest command of a kind.</summary>
    public static CommandRow? Newest(SqlScope sql, string sessionId, string kind) => sql.Row(
        $"select {Columns} from commands where session_id = @session and kind = @kind order by seq desc limit 1", Read, ("@session", sessionId), ("@kind", kind));

    /// <summary>What the process has not answered yet, in order.</summary>
    public static List<CommandRow> Open(SqlScope sql, string sessionId) => sql.Rows(
        $"select {Columns} from commands where session_id = @session and state in ('stored', 'sent') order by seq", Read, ("@session", sessionId));

    public static void SetState(SqlScope sql, string id, string state, string? code, long at) => sql.Execute(
        "update commands set state = @state, code = @code, done_at = @at where id = @id", ("@id", id), ("@state", state), ("@code", code), ("@at", at));

    /// <summary>Messages that wait for a process wait in another session from now on.</summary>
    public static void MoveMessages(SqlScope sql, string from, string into) => sql.Execute(
        "update commands set session_id = @into where session_id = @from and kind = 'message' and state in ('stored', 'sent')", ("@from", from), ("@into", into));

    /// <summary>Ends what nobody waits for any more. Gives how many expired.</summary>
    public static int Expire(SqlScope sql, string kind, long before, long at) => sql.Execute(
        "update commands set state = 'expired', done_at = @at where state in ('stored', 'sent') and kind = @kind and at < @before", ("@kind", kind), ("@before", before), ("@at", at));

    /// <summary>Ends what was meant for a process that is no more.</summary>
    public static void ExpireFor(SqlScope sql, string sessionId, string kind, long at) => sql.Execute(
        "update commands set state = 'expired', done_at = @at where session_id = @session and state in ('stored', 'sent') and kind = @kind", ("@session", sessionId), ("@kind", kind), ("@at", at));

    private static CommandRow Read(DbDataReader row) => new(
        new Command(row.GetString(0), row.GetString(1), row.GetInt64(2), new RawJson(row.Bytes(4)), row.Text(3)), row.GetString(5), row.GetString(6), row.Text(7), row.Text(8), row.Text(9), row.Text(10));
}
