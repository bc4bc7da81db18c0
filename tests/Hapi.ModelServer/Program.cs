using System.Globalization;
using System.Text.Json;
using Hapi.ModelServer;
using Hapi.ModelServer.Scenarios;

var options = new Dictionary<string, string> { ["--port"] = "0", ["--max-seconds"] = "600" };
for (var i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

if (args.Length % 2 != 0 || !options.TryGetValue("--scenario", out var file) || options.Keys.Except(["--scenario", "--port", "--max-seconds"]).Any())
{
    await Console.Error.WriteLineAsync("Usage: Hapi.ModelServer --scenario <file.json> [--port <n>] [--max-seconds <n>]");
    return 2;
}

Scenario scenario;
try
{
    scenario = Scenario.Parse(await File.ReadAllTextAsync(file));
}
catch (Exception ex) when (ex is JsonException or IOException)
{
    await Console.Error.WriteLineAsync($"{file} is not a scenario: {ex.Message}");
    return 2;
}

// Nobody may be left to stop it: a test that was killed takes nothing down with it.
using var end = new CancellationTokenSource(TimeSpan.FromSeconds(int.Parse(options["--max-seconds"], CultureInfo.InvariantCulture)));
using var asked = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    end.Cancel();
});
await using var server = await ScriptedModelServer.StartAsync(scenario, int.Parse(options["--port"], CultureInfo.InvariantCulture), CancellationToken.None);
Console.WriteLine($"listening {server.Url}");
try
{
    await Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
}
catch (OperationCanceledException)
{
    // Its time is over, or it was told to end.
}

return 0;
