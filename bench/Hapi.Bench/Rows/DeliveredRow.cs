using System.Diagnostics;
using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>How many messages a second reach fifty screens that all read compressed, and what the hub holds in memory meanwhile.</summary>
internal sealed class DeliveredRow : IRow
{
    private const int Clients = 50, WarmUp = 2_000, Messages = 20_000;

    public string Name => "delivered";

    public string What => "messages a second delivered to each of 50 gzip SSE clients; hub memory before / peak";

    public string Goal => "≥ 5,000, memory flat";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        await using var screens = await Screens.ConnectAsync(hub, Clients, gzip: true, (_, _) => { }, cancellationToken);
        await session.PourAsync(session.Prepare(WarmUp), cancellationToken);
        await screens.SawAsync(WarmUp, cancellationToken);
        var frames = session.Prepare(Messages);
        var before = hub.Usage.Memory;
        var begun = Stopwatch.GetTimestamp();
        await session.PourAsync(frames, cancellationToken);
        await screens.SawAsync(WarmUp + Messages, cancellationToken);
        var rate = Messages / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return $"{rate:N0}; {before:N0} / {hub.Usage.MemoryPeak:N0} MB";
    }
}
