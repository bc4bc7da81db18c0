using System.Data.Common;
using System.Globalization;

namespace Hapi.Hub.Storage;

/// <summary>A row of the audit table, as it is stored. <c>Prev</c> is the hash of the row before it.</summary>
internal sealed record AuditRow(
    long Seq, long At, string Namespace, string? SessionId, string? MachineId, string Kind, string ActorKind, string? ActorId, string? ActorName,
    string Channel, string? Subject, string? Reason, string? Before, string? After, string Prev, string Hash);

/// <summary>Where the chain ends: place and hash of its newest row, and how many rows it has. Kept apart from the rows, so that a removed end is missed.</summary>
internal sealed record AuditHead(long Seq, long Rows, string Hash)
{
    public static readonly AuditHead Empty = new(0, 0, "");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq} {Rows} {Hash}");
}

/// <summary>What is asked of the audit table. A <c>Kind</c> that ends with a dot stands for all that begin with it; <c>Actor</c> is a kind, an id or a name.</summary>
internal sealed record AuditFilter(string? Namespace = null, string? SessionId = null, string? Kind = null, string? Actor = null, long? From = null, long? To = null);

/// <summary>The statements of the audit table. Rows are added, never changed and never removed.</summary>
internal static class AuditRows
{
    private const string Columns = "seq, at, namespace, session_id, machine_id, kind, actor_kind, actor_id, actor_name, channel, subject, reason, was, became, prev, hash";
    private const string HeadKey = "audit_head";

    /// <summary>Where the chain ends; <see langword="null"/> when nothing was ever written.</summary>
    public static AuditHead? Head(SqlScope sql)
    {
        var parts = sql.Scalar<string>("select value from meta where key = @key", ("@key", HeadKey))?.Split(' ');
        return parts is [var seq, var rows, var hash] && long.TryParse(seq, CultureInfo.InvariantCulture, out var s) && long.TryParse(rows, CultureInfo.InvariantCulture, out var r) ? new(s, r, hash) : null;
    }

    /// <exception cref="WriteConflictException">Another writer has moved it.</exception>
    public static void MoveHead(SqlScope sql, AuditHead? from, AuditHead to)
    {
        var moved = from is null
            ? sql.Execute("insert into meta (key, value) values (@key, @value) on conflict (key) do nothing", ("@key", HeadKey), ("@value", to.ToString()))
            : sql.Execute("update meta set value = @value where key = @key and value = @from", ("@key", HeadKey), ("@value", to.ToString()), ("@from", from.ToString()));
        if (moved != 1)
        {
            throw new WriteConflictException("audit chain");
        }
    }

    public static long Newest(SqlScope sql) => sql.Scalar<long?>("select max(seq) from audit") ?? 0;

    public static long Count(SqlScope sql) => sql.Scalar<long>("select count(*) from audit");

    public static bool HasHash(SqlScope sql, string hash) => sql.Scalar<long>("select count(*) from audit where hash = @hash", ("@hash", hash)) > 0;

    public static void Insert(SqlScope sql, AuditRow row) => sql.Execute($"""
        insert into audit ({Columns}) values (@seq, @at, @namespace, @session, @machine, @kind, @actor_kind, @actor_id, @actor_name, @channel, @subject, @reason, @was, @became, @prev, @hash)
        """,
        ("@seq", row.Seq), ("@at", row.At), ("@namespace", row.Namespace), ("@session", row.SessionId), ("@machine", row.MachineId), ("@kind", row.Kind),
        ("@actor_kind", row.ActorKind), ("@actor_id", row.ActorId), ("@actor_name", row.ActorName), ("@channel", row.Channel), ("@subject", row.Subject), ("@reason", row.Reason),
        ("@was", row.Before), ("@became", row.After), ("@prev", row.Prev), ("@hash", row.Hash));

    /// <summary>Rows in the order of the chain.</summary>
    public static List<AuditRow> After(SqlScope sql, long seq, int limit) =>
        sql.Rows($"select {Columns} from audit where seq > @seq order by seq limit @limit", Read, ("@seq", seq), ("@limit", limit));

    /// <summary>Rows before a place, newest first.</summary>
    public static List<AuditRow> Before(SqlScope sql, long seq, int limit, AuditFilter filter)
    {
        // Only what is asked for is in the statement: the database then takes the index that fits.
        var where = "seq < @seq";
        var values = new List<(string, object?)> { ("@seq", seq), ("@limit", limit) };
        void And(string condition, string name, object? value)
        {
            where += $" and {condition}";
            values.Add((name, value));
        }

        if (filter.Namespace is { } ns)
        {
            And("namespace = @namespace", "@namespace", ns);
        }

        if (filter.SessionId is { } session)
        {
            And("session_id = @session", "@session", session);
        }

        if (filter.Actor is { } actor)
        {
            And("(actor_kind = @actor or actor_id = @actor or actor_name = @actor)", "@actor", actor);
        }

        if (filter.Kind is [.., '.'] prefix)
        {
            // '/' follows '.' in the order of characters.
            And("kind > @kind", "@kind", prefix);
            And("kind < @kind_end", "@kind_end", prefix[..^1] + "/");
        }
        else if (filter.Kind is { } kind)
        {
            And("kind = @kind", "@kind", kind);
        }

        if (filter.From is { } from)
        {
            And("at >= @from", "@from", from);
        }

        if (filter.To is { } to)
        {
            And("at <= @to", "@to", to);
        }

        return sql.Rows($"select {Columns} from audit where {where} order by seq desc limit @limit", Read, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));
    }

    private static AuditRow Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.Text(3), row.Text(4), row.GetString(5), row.GetString(6), row.Text(7), row.Text(8),
        row.GetString(9), row.Text(10), row.Text(11), row.Text(12), row.Text(13), row.GetString(14), row.GetString(15));
}
