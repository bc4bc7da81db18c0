using System.Threading.Channels;

namespace Hapi.Hub.Events;

/// <summary>Which events a connection wants. The filters are joined by "or"; with none, only what is for everybody arrives.</summary>
internal sealed record EventFilter(string Namespace, bool All, string? SessionId, string? MachineId)
{
    public bool Wants(HubEvent e) => e.Namespace == Namespace && (All
        || (e.SessionId is not null && e.SessionId == SessionId)
        || (e.MachineId is not null && e.MachineId == MachineId));
}

/// <summary>One connected client's inbox, bounded by bytes. A client that does not keep up is dropped and resumes by its cursor.</summary>
internal sealed class EventSubscription(EventFilter filter)
{
    private const long MaxWaitingBytes = 8 << 20;
    private readonly Channel<HubEvent> _inbox = Channel.CreateUnbounded<HubEvent>(new UnboundedChannelOptions { SingleReader = true });
    private long _waiting;

    public string Id { get; } = Guid.NewGuid().ToString();

    public string Namespace => filter.Namespace;

    public bool Visible { get; set; }

    public void Offer(IReadOnlyList<HubEvent> events)
    {
        foreach (var e in events)
        {
            if (!filter.Wants(e))
            {
                continue;
            }

            if (Interlocked.Add(ref _waiting, e.Json.Length) > MaxWaitingBytes)
            {
                _inbox.Writer.TryComplete();
                return;
            }

            _inbox.Writer.TryWrite(e);
        }
    }

    public bool Wants(HubEvent e) => filter.Wants(e);

    /// <summary>Completes with <see langword="false"/> when the subscription was dropped.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _inbox.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out HubEvent e)
    {
        if (!_inbox.Reader.TryRead(out e!))
        {
            return false;
        }

        Interlocked.Add(ref _waiting, -e.Json.Length);
        return true;
    }
}
