using System.Collections.Concurrent;

namespace Hapi.Hub.Events;

/// <summary>Who is connected to the event stream now.</summary>
internal sealed class EventSubscriptions
{
    private readonly ConcurrentDictionary<string, EventSubscription> _all = new();

    public void Add(EventSubscription subscription) => _all[subscription.Id] = subscription;

    public void Remove(EventSubscription subscription) => _all.TryRemove(subscription.Id, out _);

    /// <summary>Gives <see langword="false"/> for an id that is unknown, closed, or another namespace's.</summary>
    public bool SetVisible(string id, string @namespace, bool visible)
    {
        if (!_all.TryGetValue(id, out var subscription) || subscription.Namespace != @namespace)
        {
            return false;
        }

        subscription.Visible = visible;
        return true;
    }
}
