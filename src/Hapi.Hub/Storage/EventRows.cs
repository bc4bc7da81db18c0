using System.Data.Common;

namespace Hapi.Hub.Storage;

/// <summary>A line of the event log: it points at data, it does not copy it.</summary>
internal sealed record EventRow(long Seq, string Namespace, string? SessionId, string? MachineId, string Kind, string? Ref);

/// <summary>What a line of the log tells of; <c>ref</c> says which.</summary>
internal static class EventKinds
{
    public const string Session = "session";
    public const string SessionRemoved = "session-removed";
    public const string SessionEnded = "session-ended";
    public const string Message = "message";
    public const string Consumed = "consumed";
    public const string Delivery = "delivery";
    public const string Indeterminate = "indeterminate";
    public const string Requeued = "requeued";
    public const string Matured = "matured";
    public const string Cancelled = "cancelled";
    public const string Invalidated = "invalidated";
    public const string Machine = "machine";
}

/// <summary>The statements of the event log and of the store's own values.</summary>
internal static class EventRows
{
    public static long Append(WriteScope scope, string @namespace, string? sessionId, string? machineId, string kind, string? reference) => scope.Sql.Scalar<long>(
        "insert into events (at, namespace, session_id, machine_id, kind, ref) values (@at, @namespace, @session, @machine, @kind, @ref) returning seq",
        ("@at", scope.Now), ("@namespace", @namespace), ("@session", sessionId), ("@machine", machineId), ("@kind", kind), ("@ref", reference));

    /// <summary>The lines after a place that concern everybody of a namespace, or only one session or machine.</summary>
    public static List<EventRow> Since(SqlScope sql, long seq, int limit, string @namespace, bool all, string? sessionId, string? machineId) => sql.Rows(
        $"select seq, namespace, session_id, machine_id, kind, ref from events where seq > @seq and namespace = @namespace {(all ? "" : "and (session_id = @session or machine_id = @machine)")} order by seq limit @limit",
        Read, ("@seq", seq), ("@namespace", @namespace), ("@session", sessionId ?? ""), ("@machine", machineId ?? ""), ("@limit", limit));

    public static (long Oldest, long Newest) Bounds(SqlScope sql) =>
        (sql.Scalar<long?>("select min(seq) from events") ?? 0, sql.Scalar<long?>("select max(seq) from events") ?? 0);

    /// <summary>Keeps the larger of the newest rows and those since a time.</summary>
    public static int Prune(SqlScope sql, long keepRows, long before) => sql.Execute(
        "delete from events where at < @before and seq <= (select coalesce(max(seq), 0) from events) - @keep", ("@before", before), ("@keep", keepRows));

    public static string StoreId(SqlScope sql)
    {
        sql.Execute("insert into meta (key, value) values ('store_id', @id) on conflict (key) do nothing", ("@id", Guid.NewGuid().ToString("N")[..8]));
        return sql.Scalar<string>("select value from meta where key = 'store_id'")!;
    }

    private static EventRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.Text(2), row.Text(3), row.GetString(4), row.Text(5));
}
