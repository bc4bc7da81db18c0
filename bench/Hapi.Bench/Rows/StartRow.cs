using Hapi.Bench.Hubs;
using Hapi.Processes;

namespace Hapi.Bench.Rows;

/// <summary>From the start of the process to its first answer, once the file has been read from disk before.</summary>
internal sealed class StartRow : IRow
{
    private const int Starts = 7, Versions = 15;

    public string Name => "start";

    public string What => "hub start to first 200, known home / fresh home, p50; --version p50";

    public string Goal => "≤ 250 ms; ≤ 40 ms";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (known, fresh) = (new Timings(), new Timings());
        for (var i = 0; i < Starts; i++)
        {
            var first = await stage.StartHubAsync(cancellationToken);
            fresh.Add(first.StartTook);
            await first.DisposeAsync();
            await using var second = await first.StartAgainAsync(cancellationToken);
            known.Add(second.StartTook);
        }

        var home = stage.NewFolder();
        var version = await Timings.OfAsync(Versions, async () =>
        {
            await using var process = ChildProcess.Start(new ChildStart(stage.Executable, ["--version"], home, HubProcess.Environment(home)));
            using var output = new StreamReader(process.Output);
            await output.ReadToEndAsync(cancellationToken);
        });
        return $"{known.P50:N0} / {fresh.P50:N0} ms; {version.P50:N0} ms";
    }
}
