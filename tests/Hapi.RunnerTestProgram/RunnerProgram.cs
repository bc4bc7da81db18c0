using System.Runtime.InteropServices;
using Hapi.Runner;

namespace Hapi.RunnerTestProgram;

/// <summary>The runner; its wishes are <c>name=value</c>.</summary>
internal static class RunnerProgram
{
    private static readonly string[] s_agents = ["good", "slow", "worker", "stubborn", "deaf", "late", "fails", "absent"];

    public static async Task<int> RunAsync(string[] wishes)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            signalled.TrySetResult();
        });
        var home = One("home")!;
        var options = new RunnerOptions(
            home, new Uri(One("hub")!), One("token") ?? "token", One("version") ?? "1.0", One("machine")!, "test", [One("executable") ?? Environment.ProcessPath!],
            ["runner", "start-sync", .. wishes], [.. All("root")], [.. s_agents.Select(a => new LaunchableAgent(a, false, []))], Path.Combine(home, "logs", $"{Environment.ProcessId}-runner.log"))
        {
            ReopenInterrupted = One("reopen") is "yes",
            HandoverDisabled = One("handover") is "no",
            ReportWithin = TimeSpan.FromMilliseconds(Number("report", 10_000)),
            HeartbeatEvery = TimeSpan.FromMilliseconds(Number("heartbeat", 60_000)),
            SuccessorStandsWithin = TimeSpan.FromMilliseconds(Number("successor", 30_000)),
            StopPatience = new() { Accepted = TimeSpan.FromMilliseconds(Number("accepted", 10_000)), Terminated = TimeSpan.FromMilliseconds(Number("terminated", 5_000)) },
        };
        if (One("breaks") is { } file && File.Exists(file))
        {
            return 9; // a newcomer that cannot start
        }

        var end = await RunnerHost.RunAsync(options, Console.WriteLine, signalled.Task, TimeProvider.System);
        Console.WriteLine($"end: {end}");
        return 0;

        string? One(string name) => All(name).FirstOrDefault();

        IEnumerable<string> All(string name) => wishes.Where(w => w.StartsWith(name + "=", StringComparison.Ordinal)).Select(w => w[(name.Length + 1)..]);

        int Number(string name, int otherwise) => One(name) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }
}
