using System.Diagnostics;
using Hapi.Bench.Clients;
using Hapi.Contracts.Link;

namespace Hapi.Bench.Rows;

/// <summary>What five hundred sessions cost that do nothing but keep their links alive, as the product does.</summary>
internal sealed class IdleSessionsRow : IRow
{
    private const int Sessions = 500;
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10), s_watched = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public string What => "500 idle sessions with keep-alive: hub CPU, memory";

    public string Goal => "≤ 1 %, ≤ 120 MB";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        var sessions = await LinkSession.OpenAsync(hub, Sessions, cancellationToken);
        await KeepAliveAsync(sessions, s_settle, cancellationToken);
        var cpu = await hub.Usage.CpuDuringAsync(() => KeepAliveAsync(sessions, s_watched, cancellationToken));
        var memory = hub.Usage.Memory;
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }

        return $"{cpu:N1} %, {memory:N0} MB";
    }

    private static async Task KeepAliveAsync(IReadOnlyList<LinkSession> sessions, TimeSpan time, CancellationToken cancellationToken)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var presented = sessions.Select(_ => Random.Shared.Next((int)LinkLimits.PresenceEvery.TotalSeconds)).ToArray();
        var begun = Stopwatch.GetTimestamp();
        for (var second = 0; Stopwatch.GetElapsedTime(begun) < time; second++)
        {
            await clock.WaitForNextTickAsync(cancellationToken);
            for (var i = 0; i < sessions.Count; i++)
            {
                if (second % (int)LinkLimits.PresenceEvery.TotalSeconds == presented[i])
                {
                    await sessions[i].PresentAsync(cancellationToken);
                }
                else if (Stopwatch.GetElapsedTime(sessions[i].LastSent) >= LinkLimits.PingAfter)
                {
                    _ = sessions[i].PingAsync(cancellationToken);
                }
            }
        }
    }
}
