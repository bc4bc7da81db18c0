using System.Diagnostics;
using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>The list of a thousand sessions, when nothing has changed since the last time and when something has.</summary>
internal sealed class SessionListRow : IRow
{
    private const int Sessions = 1_000, Unchanged = 500, Changed = 50;

    public string Name => "list";

    public string What => "GET /api/sessions, 1,000 sessions, gzip, p50; after a change of one";

    public string Goal => "≤ 2 ms";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        for (var i = 1; i < Sessions; i++)
        {
            await using var gone = await LinkSession.OpenAsync(hub, cancellationToken);
        }

        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        using var wire = await HttpWire.ConnectAsync(hub, "/api/sessions", cancellationToken);
        var size = (await wire.AskAsync()).Length;
        var unchanged = await Timings.OfAsync(Unchanged, wire.AskAsync);
        var changed = new Timings();
        for (var i = 0; i < Changed; i++)
        {
            await session.SendAsync([Facts.Retitled($"title {i}")], cancellationToken);
            await session.AcknowledgedAsync(cancellationToken);
            var begun = Stopwatch.GetTimestamp();
            await wire.AskAsync();
            changed.AddSince(begun);
        }

        return $"{unchanged.P50:N2} ms; {changed.P50:N1} ms ({size / 1024.0:N0} KB)";
    }
}
