using System.Globalization;

namespace Hapi.Hub.Storage;

/// <summary>
/// Appends the lines of one transaction to the event log and gives each event its place. Messages that follow each other share a line:
/// it holds the place of the last of them and their number.
/// </summary>
internal sealed class EventLogWriter(SqlScope sql, long now)
{
    private long? _newest;
    private Run? _run;

    /// <summary>Gives the place of an event.</summary>
    public long Append(string @namespace, string? sessionId, string? machineId, string kind, string? reference)
    {
        Flush();
        var seq = Next();
        EventRows.Insert(sql, new EventRow(seq, 1, @namespace, sessionId, machineId, kind, reference), now);
        return seq;
    }

    /// <summary>Gives the place of the event that a message was added.</summary>
    public long AppendMessage(string @namespace, string sessionId, long messageSeq)
    {
        if (_run is not { } run || run.SessionId != sessionId || run.First + run.Count != messageSeq)
        {
            Flush();
            _run = run = new Run(@namespace, sessionId, messageSeq);
        }

        run.Count++;
        return run.Last = Next();
    }

    /// <summary>To be called at the end of the transaction.</summary>
    public void Flush()
    {
        if (_run is { } run)
        {
            _run = null;
            EventRows.Insert(sql, new EventRow(run.Last, run.Count, run.Namespace, run.SessionId, null, EventKinds.Message, run.First.ToString(CultureInfo.InvariantCulture)), now);
        }
    }

    // Nobody else writes while this transaction is open.
    private long Next()
    {
        _newest = (_newest ?? EventRows.Bounds(sql).Newest) + 1;
        return _newest.Value;
    }

    private sealed class Run(string @namespace, string sessionId, long first)
    {
        public string Namespace => @namespace;

        public string SessionId => sessionId;

        public long First => first;

        public int Count { get; set; }

        public long Last { get; set; }
    }
}
