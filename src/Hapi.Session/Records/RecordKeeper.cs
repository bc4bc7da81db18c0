namespace Hapi.Session.Records;

/// <summary>The record of the running session: every change is on disk before it is believed.</summary>
internal sealed class RecordKeeper(SessionRecords records, SessionRecord current)
{
    private readonly Lock _gate = new();

    public SessionRecord Current { get; private set; } = current;

    public void Change(Func<SessionRecord, SessionRecord> change)
    {
        lock (_gate)
        {
            var next = change(Current);
            if (next != Current)
            {
                records.Write(next);
                Current = next;
            }
        }
    }

    public void Save() => records.Write(Current);
}
