using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>How much the hub takes of memory and disk.</summary>
internal sealed class FootprintRow : IRow
{
    private const int Sessions = 20, Messages = 2_000, Clients = 10, Lists = 500;
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(5);

    public string Name => "footprint";

    public string What => "hub memory, idle; after load; size of what is installed";

    public string Goal => "≤ 70 MB; ≤ 120 MB; ≤ 55 MB";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await Task.Delay(s_settle, cancellationToken);
        var idle = hub.Usage.Memory;
        await using (await Screens.ConnectAsync(hub, Clients, gzip: true, (_, _) => { }, cancellationToken))
        {
            var sessions = await LinkSession.OpenAsync(hub, Sessions, cancellationToken);
            await Task.WhenAll(sessions.Select(s => s.PourAsync(s.Prepare(Messages), cancellationToken)));
            using var wire = await HttpWire.ConnectAsync(hub, "/api/sessions", cancellationToken);
            await Timings.OfAsync(Lists, wire.AskAsync);
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }

        await Task.Delay(s_settle, cancellationToken);
        var installed = Directory.EnumerateFiles(Path.GetDirectoryName(stage.Executable)!).Where(f => Path.GetExtension(f) is not (".pdb" or ".dbg")).Sum(f => new FileInfo(f).Length);
        return $"{idle:N0} MB; {hub.Usage.Memory:N0} MB; {installed / 1048576.0:N1} MB";
    }
}
