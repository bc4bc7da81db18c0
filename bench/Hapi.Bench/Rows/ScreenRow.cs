using System.Diagnostics;
using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>From the agent's word on the link to its frame on each screen, at a pace of fifty messages a second.</summary>
internal sealed class ScreenRow(int clients, bool gzip) : IRow
{
    private const int WarmUp = 100, Messages = 500;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    public string Name => "screen";

    public string What => $"agent → screen p50 / p99 at 50 messages a second, {clients} {(gzip ? "gzip clients" : "client")}; hub CPU";

    public string Goal => clients == 1 ? "≤ 1.3 / 3.5 ms; ≤ 5 %" : "≤ 2 / 5 ms; ≤ 10 %";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        var (timings, sentAt) = (new Timings(), new long[WarmUp + Messages]);
        await using var screens = await Screens.ConnectAsync(hub, clients, gzip, (number, at) =>
        {
            if (number >= WarmUp)
            {
                timings.Add(Stopwatch.GetElapsedTime(sentAt[number], at));
            }
        }, cancellationToken);
        await SayAsync(session, sentAt, 0, WarmUp, cancellationToken);
        var cpu = await hub.Usage.CpuDuringAsync(() => SayAsync(session, sentAt, WarmUp, Messages, cancellationToken));
        await screens.SawAsync(WarmUp + Messages, cancellationToken);
        return $"{timings.P50:N1} / {timings.P99:N1} ms; {cpu:N1} %";
    }

    private static async Task SayAsync(LinkSession session, long[] sentAt, int first, int count, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(s_pace);
        for (var n = first; n < first + count; n++)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            sentAt[n] = Stopwatch.GetTimestamp();
            await session.SendAsync([Facts.Message(n)], cancellationToken);
        }
    }
}
