using System.Data.Common;
using Hapi.Contracts;
using Hapi.Contracts.Messages;

namespace Hapi.Hub.Storage;

/// <summary>A place in a conversation; the order of the chat is by time, then by seq.</summary>
internal readonly record struct Position(long At, long Seq) : IComparable<Position>
{
    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    public int CompareTo(Position other) => At != other.At ? At.CompareTo(other.At) : Seq.CompareTo(other.Seq);
}

/// <summary>The statements of the messages table.</summary>
internal static class MessageRows
{
    private const string Columns = "id, seq, local_id, content, created_at, invoked_at, scheduled_at, delivery, delivery_at, delivery_code";

    public static ChatMessage? Find(SqlScope sql, string sessionId, string idOrLocalId) => sql.Row(
        $"select {Columns} from messages where session_id = @session and (id = @id or local_id = @id)", Read, ("@session", sessionId), ("@id", idOrLocalId));

    public static ChatMessage? FindLocal(SqlScope sql, string sessionId, string localId) => sql.Row(
        $"select {Columns} from messages where session_id = @session and local_id = @local", Read, ("@session", sessionId), ("@local", localId));

    public static void Insert(SqlScope sql, string sessionId, ChatMessage message)
    {
        if (message is { LocalId: null, ScheduledAt: null, Delivery: null, InvokedAt: { } at })
        {
            // Nearly all rows are what an agent said.
            sql.Execute("insert into messages (session_id, seq, id, content, created_at, position_at, invoked_at) values (@session, @seq, @id, @content, @created_at, @at, @at)",
                ("@session", sessionId), ("@seq", message.Seq), ("@id", message.Id), ("@content", Bytes(message.Content)), ("@created_at", message.CreatedAt), ("@at", at));
        }
        else
        {
            InsertWhole(sql, sessionId, message);
        }
    }

    private static void InsertWhole(SqlScope sql, string sessionId, ChatMessage message) => sql.Execute("""
        insert into messages (session_id, seq, id, content, created_at, position_at, local_id, invoked_at, scheduled_at, delivery, delivery_at, delivery_code)
        values (@session, @seq, @id, @content, @created_at, @position_at, @local_id, @invoked_at, @scheduled_at, @delivery, @delivery_at, @delivery_code)
        """,
        ("@session", sessionId), ("@seq", message.Seq), ("@id", message.Id), ("@content", Bytes(message.Content)), ("@created_at", message.CreatedAt),
        ("@position_at", message.InvokedAt ?? message.CreatedAt), ("@local_id", message.LocalId), ("@invoked_at", message.InvokedAt), ("@scheduled_at", message.ScheduledAt),
        ("@delivery", message.Delivery?.State), ("@delivery_at", message.Delivery?.At), ("@delivery_code", message.Delivery?.Code));

    public static void Invoke(SqlScope sql, string sessionId, long seq, long at) => sql.Execute(
        "update messages set invoked_at = @at, position_at = @at, delivery = 'consumed', delivery_at = @at, delivery_code = null where session_id = @session and seq = @seq",
        ("@session", sessionId), ("@seq", seq), ("@at", at));

    public static void SetDelivery(SqlScope sql, string sessionId, long seq, Delivery delivery) => sql.Execute(
        "update messages set delivery = @state, delivery_at = @at, delivery_code = @code where session_id = @session and seq = @seq",
        ("@session", sessionId), ("@seq", seq), ("@state", delivery.State), ("@at", delivery.At), ("@code", delivery.Code));

    public static void Delete(SqlScope sql, string sessionId, long seq) =>
        sql.Execute("delete from messages where session_id = @session and seq = @seq", ("@session", sessionId), ("@seq", seq));

    /// <summary>
    /// Puts the rows of one session before those of another, and gives how many they were: those that were there are renumbered, the lines of the event
    /// log with them. A local id that both have stays with those that were there; its other row was sent to somebody, long ago.
    /// </summary>
    /// <param name="newest">The greatest seq ever given in <paramref name="from"/>.</param>
    public static int Move(SqlScope sql, string from, long newest, string into)
    {
        if (sql.Scalar<long>("select count(*) from messages where session_id = @from", ("@from", from)) == 0)
        {
            return 0;
        }

        // By way of negative numbers, so that no two rows have the same in between.
        sql.Execute("update messages set seq = -(seq + @by) where session_id = @into", ("@into", into), ("@by", newest));
        sql.Execute("update messages set seq = -seq where session_id = @into and seq < 0", ("@into", into));
        sql.Execute("update events set ref = cast(cast(ref as bigint) + @by as text) where session_id = @into and kind = 'message'", ("@into", into), ("@by", newest));
        sql.Execute("""
            update messages set local_id = null, invoked_at = coalesce(invoked_at, created_at), position_at = coalesce(invoked_at, created_at),
            delivery = null, delivery_at = null, delivery_code = null
            where session_id = @from and local_id in (select local_id from messages where session_id = @into and local_id is not null)
            """, ("@from", from), ("@into", into));
        return sql.Execute("update messages set session_id = @into where session_id = @from", ("@from", from), ("@into", into));
    }

    /// <summary>Rows that were added one after the other.</summary>
    public static List<ChatMessage> Range(SqlScope sql, string sessionId, long first, int count) => sql.Rows(
        $"select {Columns} from messages where session_id = @session and seq >= @first and seq < @end order by seq", Read, ("@session", sessionId), ("@first", first), ("@end", first + count));

    /// <summary>Rows that wait for the agent, oldest first.</summary>
    public static List<ChatMessage> Waiting(SqlScope sql, string sessionId) => sql.Rows(
        $"select {Columns} from messages where session_id = @session and invoked_at is null order by seq", Read, ("@session", sessionId));

    /// <summary>The first rows that the agent has had or written.</summary>
    public static List<ChatMessage> First(SqlScope sql, string sessionId, int limit) => sql.Rows(
        $"select {Columns} from messages where session_id = @session and invoked_at is not null order by seq limit @limit", Read, ("@session", sessionId), ("@limit", limit));

    /// <summary>How many messages of each session wait for their time, and the next of those times.</summary>
    public static List<(string Session, int Count, long Next)> Scheduled(SqlScope sql, long now) => sql.Rows(
        "select session_id, count(*), min(scheduled_at) from messages where scheduled_at is not null and invoked_at is null and scheduled_at > @now group by session_id",
        r => (r.GetString(0), r.GetInt32(1), r.GetInt64(2)), ("@now", now));

    /// <summary>Scheduled messages that have come due and were handed to nobody yet.</summary>
    public static List<(string Session, string Message)> Due(SqlScope sql, long now) => sql.Rows("""
        select m.session_id, m.id from messages m join sessions s on s.id = m.session_id
        where m.scheduled_at is not null and m.invoked_at is null and m.scheduled_at <= @now and m.delivery = 'stored' and s.ended_at is null
        and not exists (select 1 from commands c where c.session_id = m.session_id and c.kind = 'message' and c.subject = m.id)
        """, r => (r.GetString(0), r.GetString(1)), ("@now", now));

    public static Position? Head(SqlScope sql, string sessionId)
    {
        var rows = sql.Rows("select position_at, seq from messages where session_id = @session order by position_at desc, seq desc limit 1",
            r => new Position(r.GetInt64(0), r.GetInt64(1)), ("@session", sessionId));
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>The newest rows before a place, newest first; all of them when it is <see langword="null"/>.</summary>
    public static List<ChatMessage> Before(SqlScope sql, string sessionId, Position? before, int limit) => before is { } place
        ? sql.Rows($"select {Columns} from messages where session_id = @session and (position_at, seq) < (@at, @seq) order by position_at desc, seq desc limit @limit",
            Read, ("@session", sessionId), ("@at", place.At), ("@seq", place.Seq), ("@limit", limit))
        : sql.Rows($"select {Columns} from messages where session_id = @session order by position_at desc, seq desc limit @limit", Read, ("@session", sessionId), ("@limit", limit));

    /// <summary>The oldest rows after a place, up to and with the head, oldest first.</summary>
    public static List<ChatMessage> After(SqlScope sql, string sessionId, Position after, Position head, int limit) => sql.Rows($"""
        select {Columns} from messages where session_id = @session and (position_at, seq) > (@at, @seq) and (position_at, seq) <= (@head_at, @head_seq)
        order by position_at, seq limit @limit
        """, Read, ("@session", sessionId), ("@at", after.At), ("@seq", after.Seq), ("@head_at", head.At), ("@head_seq", head.Seq), ("@limit", limit));

    public static Position PlaceOf(ChatMessage message) => new(message.InvokedAt ?? message.CreatedAt, message.Seq);

    private static byte[] Bytes(RawJson content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content.Utf8, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length
            ? whole.Array
            : content.Utf8.ToArray();

    private static ChatMessage Read(DbDataReader row)
    {
        var delivery = row.Text(7);
        return new()
        {
            Id = row.GetString(0),
            Seq = row.GetInt64(1),
            LocalId = row.Text(2),
            Content = new RawJson(row.Bytes(3)),
            CreatedAt = row.GetInt64(4),
            InvokedAt = row.Number(5),
            ScheduledAt = row.Number(6),
            DeliveryState = delivery is "unknown" ? "indeterminate" : null,
            Delivery = delivery is null ? null : new Delivery(delivery, row.GetInt64(8), row.Text(9)),
        };
    }
}
