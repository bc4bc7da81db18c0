using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Hub.Machines;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Events;

/// <summary>The durable log behind the event stream: what a client missed is rendered again from the data its lines point at.</summary>
internal sealed class EventLog(HubReader reader, HubWriter writer, EventIds ids, LiveSessions live, LiveMachines machines)
{
    public const int MaxReplay = 2_000;
    public const long KeepRows = 100_000;
    private static readonly TimeSpan s_keepFor = TimeSpan.FromHours(24);

    public async Task PrepareAsync(CancellationToken cancellationToken) => ids.StoreId = await writer.WriteAsync(scope => EventRows.StoreId(scope.Sql), cancellationToken);

    /// <summary>
    /// Everything after a place, rendered; <c>Missed</c> is <see langword="null"/> when there is no place, the log does not reach back that far, or it is too much.
    /// <c>Through</c> is the newest place at this moment, <c>Open</c> the sessions that have not ended.
    /// </summary>
    public Task<(IReadOnlyList<HubEvent>? Missed, long Through, IReadOnlyList<string> Open)> SinceAsync(EventFilter filter, long? after, CancellationToken cancellationToken) =>
        reader.ReadAsync<(IReadOnlyList<HubEvent>?, long, IReadOnlyList<string>)>(sql =>
        {
            var (oldest, newest) = EventRows.Bounds(sql);
            var open = SessionRows.Open(sql, filter.Namespace);
            if (after is not { } seq || seq > newest || seq < oldest - 1)
            {
                return (null, newest, open);
            }

            var rows = EventRows.Since(sql, seq, MaxReplay + 1, filter.Namespace, filter.All, filter.SessionId, filter.MachineId);
            return (rows.Count > MaxReplay ? null : [.. Newest(rows).Select(row => Render(sql, row)).OfType<HubEvent>().Where(filter.Wants)], newest, open);
        }, cancellationToken);

    /// <summary>Drops the tail that nobody is promised any more.</summary>
    public Task<int> PruneAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(scope => EventRows.Prune(scope.Sql, KeepRows, scope.Now - (long)s_keepFor.TotalMilliseconds), cancellationToken);

    // Lines that show how something stands show how it stands now: of several about the same, the last is enough.
    private static IEnumerable<EventRow> Newest(List<EventRow> rows)
    {
        var last = new Dictionary<(string, string?, string?, string?), long>();
        foreach (var row in rows)
        {
            last[(row.Kind, row.SessionId, row.MachineId, row.Ref)] = row.Seq;
        }

        return rows.Where(row => last[(row.Kind, row.SessionId, row.MachineId, row.Ref)] == row.Seq);
    }

    // A line whose data is gone is skipped: a later line says so.
    private HubEvent? Render(SqlScope sql, EventRow row)
    {
        var (ns, session) = (row.Namespace, row.SessionId ?? "");
        switch (row.Kind)
        {
            case EventKinds.Session when SessionRows.Find(sql, session) is { } found:
                return Line(row, new SessionUpdated(session, ns, SessionViews.Whole(found, live.Of(session))), HubJson.Default.SessionUpdated);
            case EventKinds.SessionRemoved:
                return Line(row, new SessionRemoved(session, ns), HubJson.Default.SessionRemoved);
            case EventKinds.SessionEnded:
                return Line(row, new SessionEndedEvent(session, ns, row.Ref), HubJson.Default.SessionEndedEvent);
            case EventKinds.Message when MessageRows.Find(sql, session, row.Ref!) is { } message:
                return Line(row, new MessageReceived(session, ns, message), HubJson.Default.MessageReceived);
            case EventKinds.Consumed when MessageRows.Find(sql, session, row.Ref!) is { InvokedAt: { } at, LocalId: { } localId }:
                return Line(row, new MessagesConsumedEvent(session, ns, [localId], at), HubJson.Default.MessagesConsumedEvent);
            case EventKinds.Indeterminate when MessageRows.Find(sql, session, row.Ref!) is { DeliveryState: not null, LocalId: { } unknown }:
                return Line(row, new MessagesIndeterminateEvent(session, ns, [unknown]), HubJson.Default.MessagesIndeterminateEvent);
            case EventKinds.Requeued when MessageRows.Find(sql, session, row.Ref!) is { DeliveryState: null, InvokedAt: null, LocalId: { } again }:
                return Line(row, new MessagesRequeuedEvent(session, ns, [again]), HubJson.Default.MessagesRequeuedEvent);
            case EventKinds.Delivery when MessageRows.Find(sql, session, row.Ref!) is { Delivery: { } delivery } message:
                return Line(row, new MessageDelivery(session, ns, message.Id, message.LocalId, delivery), HubJson.Default.MessageDelivery);
            case EventKinds.Cancelled when row.Ref?.Split('|', 2) is [var id, var local]:
                return Line(row, new MessageCancelledEvent(session, ns, id, local.Length == 0 ? null : local), HubJson.Default.MessageCancelledEvent);
            case EventKinds.Matured:
                return Line(row, new ScheduledMatured(session, ns), HubJson.Default.ScheduledMatured);
            case EventKinds.Invalidated:
                return Line(row, new MessagesInvalidated(session, ns), HubJson.Default.MessagesInvalidated);
            case EventKinds.Machine when MachineRows.Find(sql, row.MachineId!) is { } machine:
                return Line(row, new MachineUpdated(machine.Id, ns, machines.View(machine)), HubJson.Default.MachineUpdated);
            default:
                return null;
        }
    }

    private static HubEvent Line<T>(EventRow row, T wire, JsonTypeInfo<T> type)
        where T : SyncEvent => HubEvent.Of(row.Seq, row.Namespace, row.SessionId, row.MachineId, wire, type);
}
