using System.Threading.Channels;

namespace Hapi.Hub.Events;

/// <summary>One connected client's inbox, bounded by bytes. A client that does not keep up is dropped and resumes by its cursor.</summary>
internal sealed class EventSubscription(EventFilter filter, string? deviceId)
{
    private const long MaxWaitingBytes = 8 << 20;
    private readonly Channel<EventBlock> _inbox = Channel.CreateUnbounded<EventBlock>(new UnboundedChannelOptions { SingleReader = true });
    private long _waiting;

    public string Id { get; } = Guid.NewGuid().ToString();

    public EventFilter Filter => filter;

    public string Namespace => filter.Namespace;

    /// <summary>The device that is connected; <see langword="null"/> for the owner's own token.</summary>
    public string? DeviceId => deviceId;

    public bool Visible { get; set; }

    /// <summary>Never waits.</summary>
    public void Offer(EventBlock block)
    {
        if (Interlocked.Add(ref _waiting, block.Plain.Length) > MaxWaitingBytes)
        {
            Drop();
            return;
        }

        _inbox.Writer.TryWrite(block);
    }

    /// <summary>Ends the connection.</summary>
    public void Drop() => _inbox.Writer.TryComplete();

    /// <summary>Completes with <see langword="false"/> when the subscription was dropped.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _inbox.Reader.WaitToReadAsync(cancellationToken);

    public EventBlock? Take()
    {
        if (!_inbox.Reader.TryRead(out var block))
        {
            return null;
        }

        Interlocked.Add(ref _waiting, -block.Plain.Length);
        return block;
    }
}
