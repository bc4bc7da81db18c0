using System.Diagnostics;
using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>How many messages a second the hub acknowledges: each is committed, and safe from a power cut, by then.</summary>
internal sealed class StoredRow : IRow
{
    private const int WarmUp = 10_000, Messages = 60_000;

    public string Name => "stored";

    public string What => "messages stored a second, acknowledged, 1 session / 20 sessions";

    public string Goal => "≥ 40,000 / 40,000";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken) =>
        $"{await RateAsync(stage, 1, cancellationToken):N0} / {await RateAsync(stage, 20, cancellationToken):N0}";

    private static async Task<double> RateAsync(Stage stage, int count, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        var sessions = await LinkSession.OpenAsync(hub, count, cancellationToken);
        await PourAsync(sessions, WarmUp, cancellationToken);
        var taken = await PourAsync(sessions, Messages, cancellationToken);
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }

        return Messages / taken.TotalSeconds;
    }

    private static async Task<TimeSpan> PourAsync(IReadOnlyList<LinkSession> sessions, int messages, CancellationToken cancellationToken)
    {
        var prepared = sessions.Select(s => (Session: s, Frames: s.Prepare(messages / sessions.Count))).ToList();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(prepared.Select(p => p.Session.PourAsync(p.Frames, cancellationToken)));
        return Stopwatch.GetElapsedTime(begun);
    }
}
