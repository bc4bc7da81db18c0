using System.Diagnostics;
using Hapi.Bench.Clients;
using Hapi.Bench.Hubs;

namespace Hapi.Bench.Rows;

/// <summary>A question of a browser that the session's process answers: REST, over the link, and back.</summary>
internal sealed class CallsRow : IRow
{
    private const int WarmUp = 2_000, OneByOne = 5_000, AtOnce = 16, Each = 3_000;

    public string Name => "calls";

    public string What => "REST → session → REST, one by one p50; 16 in flight";

    public string Goal => "≤ 0.15 ms; ≥ 20,000/s";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        var path = $"/api/sessions/{session.Id}/git-status";
        using var wire = await HttpWire.ConnectAsync(hub, path, cancellationToken);
        await Timings.OfAsync(WarmUp, wire.AskAsync);
        var timings = await Timings.OfAsync(OneByOne, wire.AskAsync);
        await RateAsync(hub, path, cancellationToken);
        return $"{timings.P50:N2} ms; {await RateAsync(hub, path, cancellationToken):N0}/s";
    }

    private static async Task<double> RateAsync(HubProcess hub, string path, CancellationToken cancellationToken)
    {
        var wires = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => HttpWire.ConnectAsync(hub, path, cancellationToken)));
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(wires.Select(wire => Timings.OfAsync(Each, wire.AskAsync)));
        var rate = AtOnce * Each / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Array.ForEach(wires, wire => wire.Dispose());
        return rate;
    }
}
