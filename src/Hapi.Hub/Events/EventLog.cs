using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Events;

/// <summary>The durable log behind the event stream: what a client missed is rendered again from the data its lines point at.</summary>
internal sealed class EventLog(HubReader reader, HubWriter writer, LiveSessions live)
{
    public const int MaxReplay = 2_000;
    public const long KeepRows = 100_000;
    private static readonly TimeSpan s_keepFor = TimeSpan.FromHours(24);

    /// <summary>Names this store in event ids, across restarts and nodes.</summary>
    public string StoreId { get; private set; } = "";

    public async Task PrepareAsync(CancellationToken cancellationToken) => StoreId = await writer.WriteAsync(scope => EventRows.StoreId(scope.Sql), cancellationToken);

    /// <summary>The id a client of a namespace knows an event by.</summary>
    public string IdOf(long seq, string @namespace) => $"{StoreId}:{seq}:{Tag(@namespace)}";

    /// <summary>Gives the seq of a cursor that is ours and this namespace's, otherwise <see langword="null"/>.</summary>
    public long? Parse(string? cursor, string @namespace)
    {
        var parts = cursor?.Split(':') ?? [];
        return parts.Length == 3 && parts[0] == StoreId && parts[2] == Tag(@namespace)
            && long.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seq) && seq > 0 ? seq : null;
    }

    /// <summary>Everything after a place, rendered; <see langword="null"/> when the log does not reach back that far, or it is too much.</summary>
    public Task<IReadOnlyList<HubEvent>?> SinceAsync(string @namespace, long seq, CancellationToken cancellationToken) => reader.ReadAsync<IReadOnlyList<HubEvent>?>(sql =>
    {
        var (oldest, newest) = EventRows.Bounds(sql);
        if (seq > newest || seq < oldest - 1)
        {
            return null;
        }

        var rows = EventRows.Since(sql, @namespace, seq, MaxReplay + 1);
        return rows.Count > MaxReplay ? null : [.. rows.Select(row => Render(sql, row)).OfType<HubEvent>()];
    }, cancellationToken);

    /// <summary>Drops the tail that nobody is promised any more.</summary>
    public Task<int> PruneAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(scope => EventRows.Prune(scope.Sql, KeepRows, scope.Now - (long)s_keepFor.TotalMilliseconds), cancellationToken);

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
            case EventKinds.Delivery when MessageRows.Find(sql, session, row.Ref!) is { Delivery: { } delivery } message:
                return message is { DeliveryState: not null, LocalId: { } unknown }
                    ? Line(row, new MessagesIndeterminateEvent(session, ns, [unknown]), HubJson.Default.MessagesIndeterminateEvent)
                    : Line(row, new MessageDelivery(session, ns, message.Id, message.LocalId, delivery), HubJson.Default.MessageDelivery);
            case EventKinds.Cancelled when row.Ref?.Split('|') is [var id, var local]:
                return Line(row, new MessageCancelledEvent(session, ns, id, local.Length == 0 ? null : local), HubJson.Default.MessageCancelledEvent);
            case EventKinds.Invalidated:
                return Line(row, new MessagesInvalidated(session, ns), HubJson.Default.MessagesInvalidated);
            case EventKinds.Machine when MachineRows.Find(sql, row.MachineId!) is { } machine:
                return Line(row, new MachineUpdated(machine.Id, ns, SessionViews.Machine(machine, active: true, machine.UpdatedAt)), HubJson.Default.MachineUpdated);
            default:
                return null;
        }
    }

    private static HubEvent Line<T>(EventRow row, T wire, JsonTypeInfo<T> type)
        where T : SyncEvent => new(row.Seq, row.Namespace, row.SessionId, row.MachineId, wire.Type, JsonSerializer.SerializeToUtf8Bytes(wire, type));

    private string Tag(string @namespace) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{StoreId}|{@namespace}")))[..8];
}
