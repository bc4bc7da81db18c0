using System.Collections.Immutable;

namespace Hapi.Hub.Events;

/// <summary>Hands committed events, and volatile values, to whoever follows. A follower must be quick: it queues and returns.</summary>
internal sealed class EventFeed
{
    private ImmutableArray<Action<IReadOnlyList<HubEvent>>> _followers = [];

    /// <summary>From the return of this call on, every publication reaches the follower.</summary>
    public IDisposable Follow(Action<IReadOnlyList<HubEvent>> follower)
    {
        ImmutableInterlocked.Update(ref _followers, all => all.Add(follower));
        return new Following(this, follower);
    }

    public void Publish(IReadOnlyList<HubEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        foreach (var follower in _followers)
        {
            follower(events);
        }
    }

    private sealed class Following(EventFeed feed, Action<IReadOnlyList<HubEvent>> follower) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed._followers, all => all.Remove(follower));
    }
}
