using System.Collections.Concurrent;
using System.Text.Json;
using Hapi.Contracts.Api;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Http;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// What is asked of sessions most often, kept in memory: whose a session is, and the list. Filled from the store, renewed after each commit,
/// so it never shows what is not committed.
/// </summary>
internal sealed class SessionIndex
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    private readonly ConcurrentDictionary<string, NamespaceList> _lists = new();
    private readonly HubReader _reader;
    private readonly LiveSessions _live;
    private readonly TimeProvider _time;

    public SessionIndex(HubReader reader, LiveSessions live, TimeProvider time)
    {
        (_reader, _live, _time) = (reader, live, time);
        live.Changed += Stir;
    }

    /// <summary>Whether a caller of a namespace may use a session.</summary>
    public async ValueTask<Access> AccessAsync(string @namespace, string id, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            if (await _reader.ReadAsync(sql => SessionRows.Find(sql, id), cancellationToken) is not { } row)
            {
                return Access.Missing;
            }

            entry = Note(row);
        }

        return entry.Summary is null ? Access.Missing : entry.Namespace == @namespace ? Access.Granted : Access.Foreign;
    }

    /// <summary>Notes a row as it is stored. What was noted later stays.</summary>
    public Entry Note(SessionRow row)
    {
        var entry = new Entry(row.Namespace, row.Seq, row.EndedAt, SessionViews.Summary(row));
        entry = _entries.AddOrUpdate(row.Id, entry, (_, old) => old.Seq > entry.Seq ? old : entry);
        Stir(row.Id);
        return entry;
    }

    /// <summary>The session is gone. The note stays, so that a read under way cannot bring it back.</summary>
    public void Forget(string id)
    {
        _entries.AddOrUpdate(id, _ => new Entry("", long.MaxValue, null, null), (_, old) => old with { Seq = long.MaxValue, Summary = null });
        Stir(id);
    }

    /// <summary>Something that the list shows of a session has changed.</summary>
    public void Stir(string id)
    {
        if (_entries.TryGetValue(id, out var entry) && _lists.TryGetValue(entry.Namespace, out var list))
        {
            list.Stir();
        }
    }

    /// <summary>The list of a namespace as it goes over the wire, newest activity first or in the order of the screen.</summary>
    public async ValueTask<JsonBytes> ListAsync(string @namespace, bool byActivity, int? limit, CancellationToken cancellationToken)
    {
        var list = _lists.GetOrAdd(@namespace, _ => new NamespaceList());
        if (limit is null && list.Find(byActivity) is { } known)
        {
            return known;
        }

        var revision = list.Revision;
        var all = await SummariesAsync(@namespace, list, cancellationToken);
        var ordered = byActivity
            ? all.OrderByDescending(s => s.UpdatedAt)
            : all.OrderByDescending(s => s.GlobalPinned).ThenByDescending(s => s.Pinned).ThenByDescending(s => s.Active)
                .ThenByDescending(s => s.Active ? s.PendingRequestsCount : 0).ThenByDescending(s => s.UpdatedAt);
        var body = new JsonBytes(JsonSerializer.SerializeToUtf8Bytes(new SessionList([.. limit is { } n ? ordered.Take(n) : ordered]), ApiJson.Default.SessionList));
        if (limit is null)
        {
            list.Keep(byActivity, revision, body);
        }

        return body;
    }

    private async ValueTask<List<SessionSummary>> SummariesAsync(string @namespace, NamespaceList list, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var (rows, scheduled) = await _reader.ReadAsync(sql => (list.Complete ? [] : SessionRows.List(sql, @namespace), MessageRows.Scheduled(sql, now)), cancellationToken);
        rows.ForEach(row => Note(row));
        list.Complete = true;
        var waiting = scheduled.ToDictionary(s => s.Session);
        return [.. _entries.Where(e => e.Value.Namespace == @namespace && e.Value.Summary is not null).Select(e =>
        {
            var summary = SessionViews.Now(e.Value.Summary!, e.Value.EndedAt, _live.Of(e.Key));
            return waiting.TryGetValue(e.Key, out var s) ? summary with { FutureScheduledMessageCount = s.Count, NextScheduledAt = s.Next } : summary;
        })];
    }

    /// <summary>A session as it is stored; <c>Summary</c> is <see langword="null"/> for one that was removed.</summary>
    internal sealed record Entry(string Namespace, long Seq, long? EndedAt, SessionSummary? Summary);

    private sealed class NamespaceList
    {
        private readonly Kept?[] _kept = new Kept?[2];
        private long _revision;

        /// <summary>Every session of the namespace has been noted once.</summary>
        public bool Complete { get; set; }

        public long Revision => Interlocked.Read(ref _revision);

        public void Stir() => Interlocked.Increment(ref _revision);

        public JsonBytes? Find(bool byActivity) => _kept[byActivity ? 1 : 0] is { } kept && kept.Revision == Revision ? kept.Body : null;

        public void Keep(bool byActivity, long revision, JsonBytes body) => _kept[byActivity ? 1 : 0] = new Kept(revision, body);

        private sealed record Kept(long Revision, JsonBytes Body);
    }
}
