using Hapi.Contracts.Messages;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Messages;

/// <summary>Which page is wanted. At most one of before and after; until and epoch need after.</summary>
internal readonly record struct PageQuery(int Limit, Position? Before, Position? After, Position? Until, long? Epoch);

/// <summary>The pages of a conversation. Each is read in one snapshot: its head is never newer than its rows.</summary>
internal sealed class MessagePages(HubReader reader, LiveSessions live)
{
    public const int DefaultLimit = 50, MaxLimit = 200;

    public Task<MessagePage> ReadAsync(string sessionId, PageQuery query, CancellationToken cancellationToken) => reader.ReadAsync(sql =>
    {
        var epoch = sql.Scalar<long>("select epoch from sessions where id = @id", ("@id", sessionId));
        var head = MessageRows.Head(sql, sessionId);
        return query switch
        {
            { After: not null, Epoch: { } known } when known != epoch => Latest(sql, sessionId, query.Limit, epoch, head, reset: true),
            { After: { } after } => After(sql, sessionId, query, after, epoch, head),
            { Before: { } before } => Older(sql, sessionId, query.Limit, before, epoch, head),
            _ => Latest(sql, sessionId, query.Limit, epoch, head, reset: false),
        };
    }, cancellationToken);

    /// <summary>How the given messages stand: waiting, of unknown outcome, or with the agent. Those in none of the three are gone.</summary>
    public Task<(List<string> Queued, List<string> Unknown, List<ChatMessage> Invoked)> StandingAsync(string sessionId, IReadOnlyCollection<string> localIds, CancellationToken cancellationToken) =>
        reader.ReadAsync(sql =>
        {
            var found = localIds.Select(id => MessageRows.FindLocal(sql, sessionId, id)).OfType<ChatMessage>().ToList();
            return (found.Where(m => m.InvokedAt is null && m.DeliveryState is null).Select(m => m.LocalId!).ToList(),
                found.Where(m => m.InvokedAt is null && m.DeliveryState is not null).Select(m => m.LocalId!).ToList(),
                found.Where(m => m.InvokedAt is not null).ToList());
        }, cancellationToken);

    private MessagePage Latest(SqlScope sql, string sessionId, int limit, long epoch, Position? head, bool reset)
    {
        var (rows, more) = Newest(sql, sessionId, null, limit);
        var info = Info("latest", limit, epoch, head) with
        {
            Reset = reset,
            HasMore = more,
            NextBeforeAt = rows.Count > 0 ? MessageRows.PlaceOf(rows[0]).At : null,
            NextBeforeSeq = rows.Count > 0 ? rows[0].Seq : null,
        };
        // A fresh device must see the whole queue, even when it is older than the page.
        var all = rows.UnionBy(MessageRows.Waiting(sql, sessionId), m => m.Id).OrderBy(MessageRows.PlaceOf).ToList();
        return new(all, info, live.Of(sessionId).Streams);
    }

    private static MessagePage Older(SqlScope sql, string sessionId, int limit, Position before, long epoch, Position? head)
    {
        var (rows, more) = Newest(sql, sessionId, before, limit);
        return new(rows, Info("before", limit, epoch, head) with
        {
            HasMore = more,
            NextBeforeAt = rows.Count > 0 ? MessageRows.PlaceOf(rows[0]).At : null,
            NextBeforeSeq = rows.Count > 0 ? rows[0].Seq : null,
        });
    }

    private static MessagePage After(SqlScope sql, string sessionId, PageQuery query, Position after, long epoch, Position? newest)
    {
        var head = query.Until is { } until && newest is { } now ? (until < now ? until : now) : query.Until ?? newest;
        var info = Info("after", query.Limit, epoch, head);
        if (head is not { } end || end <= after)
        {
            return new([], info with { NextAfterAt = after.At, NextAfterSeq = after.Seq });
        }

        var rows = MessageRows.After(sql, sessionId, after, end, query.Limit);
        var next = rows.Count > 0 ? MessageRows.PlaceOf(rows[^1]) : end;
        return new(rows, info with { NextAfterAt = next.At, NextAfterSeq = next.Seq, HasMore = rows.Count > 0 && next < end });
    }

    private static (List<ChatMessage> Rows, bool More) Newest(SqlScope sql, string sessionId, Position? before, int limit)
    {
        var rows = MessageRows.Before(sql, sessionId, before, limit + 1);
        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveAt(limit);
        }

        rows.Reverse();
        return (rows, more);
    }

    private static PageInfo Info(string direction, int limit, long epoch, Position? head) => new()
    {
        Direction = direction,
        Limit = limit,
        Epoch = epoch,
        Reset = false,
        HasMore = false,
        SnapshotHeadAt = head?.At,
        SnapshotHeadSeq = head?.Seq,
    };
}
