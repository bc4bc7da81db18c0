using System.Collections.Concurrent;

namespace Hapi.Hub.Link;

/// <summary>All links there are. One clock watches them: a timer for each would keep an idle hub busy.</summary>
internal sealed class LinkRegistry(TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<ProcessLink, bool> _all = new();

    public void Add(ProcessLink link) => _all[link] = true;

    public void Remove(ProcessLink link) => _all.TryRemove(link, out _);

    /// <summary>Ends the links of a device that may no longer come in.</summary>
    public void Drop(string deviceId)
    {
        foreach (var (link, _) in _all)
        {
            if (link.DeviceId == deviceId)
            {
                link.Cut();
            }
        }
    }

    internal void Tick()
    {
        foreach (var (link, _) in _all)
        {
            link.Watch();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Tick();
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops, and ends the links itself.
        }
    }
}
