using System.Diagnostics;
using Hapi.Bench.Hubs;

namespace Hapi.Bench.Clients;

/// <summary>Some screens that all look at everything.</summary>
internal sealed class Screens : IAsyncDisposable
{
    private readonly List<EventListener> _listeners = [];
    private readonly long[] _seen;

    private Screens(int count) => _seen = new long[count];

    public static async Task<Screens> ConnectAsync(HubProcess hub, int count, bool gzip, Action<long, long> onMessage, CancellationToken cancellationToken)
    {
        var screens = new Screens(count);
        for (var i = 0; i < count; i++)
        {
            var at = i;
            screens._listeners.Add(await EventListener.ConnectAsync(hub, gzip, frame => screens.Hear(at, frame, onMessage), cancellationToken));
        }

        return screens;
    }

    /// <summary>Completes when each screen has seen that many messages.</summary>
    /// <exception cref="IOException">The hub has dropped a screen.</exception>
    public async Task SawAsync(long messages, CancellationToken cancellationToken)
    {
        while (_seen.Any(seen => seen < messages))
        {
            if (_listeners.Exists(l => l.Ended.IsCompleted))
            {
                throw new IOException($"A screen was dropped after {_seen.Min():N0} of {messages:N0} messages.");
            }

            await Task.Delay(1, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    private void Hear(int screen, ReadOnlySpan<byte> frame, Action<long, long> onMessage)
    {
        if (frame.StartsWith("data: {\"type\":\"message-received\""u8) && Facts.NumberIn(frame) is { } number)
        {
            onMessage(number, Stopwatch.GetTimestamp());
            Volatile.Write(ref _seen[screen], _seen[screen] + 1);
        }
    }
}
