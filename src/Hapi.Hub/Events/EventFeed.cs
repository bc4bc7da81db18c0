using System.Collections.Immutable;

namespace Hapi.Hub.Events;

/// <summary>Who is connected to the event stream now. Hands them committed events, and volatile values; it never waits for one of them.</summary>
internal sealed class EventFeed(EventIds ids, TimeProvider time)
{
    private ImmutableDictionary<EventFilter, ImmutableArray<EventSubscription>> _topics = ImmutableDictionary<EventFilter, ImmutableArray<EventSubscription>>.Empty;

    private IEnumerable<EventSubscription> All => _topics.Values.SelectMany(topic => topic);

    /// <summary>From the return of this call on, every publication reaches the subscription.</summary>
    public IDisposable Follow(EventSubscription subscription)
    {
        ImmutableInterlocked.AddOrUpdate(ref _topics, subscription.Filter, _ => [subscription], (_, all) => all.Add(subscription));
        return new Following(this, subscription);
    }

    /// <summary>Whether anybody would hear of a session's volatile values.</summary>
    public bool IsFollowed(string @namespace) => _topics.Keys.Any(filter => filter.Namespace == @namespace);

    public void Publish(IReadOnlyList<HubEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        foreach (var (filter, subscriptions) in _topics)
        {
            var wanted = events.Where(filter.Wants).ToList();
            if (wanted.Count > 0)
            {
                Offer(subscriptions, wanted);
            }
        }
    }

    /// <summary>Tells every connection that the hub is there.</summary>
    public void Beat()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (filter, subscriptions) in _topics)
        {
            Offer(subscriptions, [HubEvent.Of(0, filter.Namespace, null, null, new Contracts.Events.Heartbeat(filter.Namespace, new(now)), Contracts.HubJson.Default.Heartbeat)]);
        }
    }

    /// <summary>Gives <see langword="false"/> for an id that is unknown, closed, or another namespace's.</summary>
    public bool SetVisible(string id, string @namespace, bool visible)
    {
        if (All.FirstOrDefault(s => s.Id == id && s.Namespace == @namespace) is not { } subscription)
        {
            return false;
        }

        subscription.Visible = visible;
        return true;
    }

    /// <summary>Ends the connections of a device that may no longer listen.</summary>
    public void Drop(string deviceId)
    {
        foreach (var subscription in All.Where(s => s.DeviceId == deviceId))
        {
            subscription.Drop();
        }
    }

    private void Offer(ImmutableArray<EventSubscription> subscriptions, IEnumerable<HubEvent> events)
    {
        var block = EventBlock.Of(events, ids);
        foreach (var subscription in subscriptions)
        {
            subscription.Offer(block);
        }
    }

    private void Leave(EventSubscription subscription)
    {
        ImmutableInterlocked.Update(ref _topics, topics => topics.TryGetValue(subscription.Filter, out var all) && all.Remove(subscription) is { IsEmpty: false } rest
            ? topics.SetItem(subscription.Filter, rest)
            : topics.Remove(subscription.Filter));
    }

    private sealed class Following(EventFeed feed, EventSubscription subscription) : IDisposable
    {
        public void Dispose() => feed.Leave(subscription);
    }
}
