namespace Hapi.Hub.Events;

/// <summary>Beats for all connections at once.</summary>
internal sealed class EventHeartbeats(EventFeed feed, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.GetAwaiter().GetResult(), TaskScheduler.Default))
        {
            feed.Beat();
        }
    }
}
