using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Handovers;

public sealed class HandoverTests : RunnerStage
{
    [Fact]
    public async Task When_the_executable_changes_the_new_one_takes_over_and_the_sessions_live_on()
    {
        var executable = Copy();
        var first = await RunnerFromAsync(executable, "heartbeat=200", $"executable={executable}");
        var session = await SessionAsync();
        File.SetLastWriteTimeUtc(executable, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(0, (await first.Completion.WaitAsync(TimeSpan.FromSeconds(20), Token)).ExitCode);
        await Eventually.TrueAsync(() => StateFile.Read().Running is { } state && state.Pid != first.Id, "another runner serves", Token);
        await ListedAsync(session.SessionId);
    }

    [Fact]
    public async Task One_that_cannot_start_costs_nothing()
    {
        var executable = Copy();
        var first = await RunnerFromAsync(executable, "heartbeat=200", $"executable={executable}", $"breaks={In("broken")}");
        await File.WriteAllTextAsync(In("broken"), "", Token);
        File.SetLastWriteTimeUtc(executable, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Eventually.TrueAsync(() => Said.Contains("The executable has changed; its runner was started", StringComparison.Ordinal), "it tries", Token);
        var beat = Door.State.LastHeartbeat;
        await Eventually.TrueAsync(() => StateFile.Read().State?.LastHeartbeat > beat + 600, "it goes on", Token);
        Assert.Equal(first.Id, Door.State.Pid);
        await Door.StatusAsync(Token);
    }

    [Fact]
    public async Task One_whose_successor_does_not_stand_comes_back()
    {
        var runner = await RunnerAsync();
        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        // Somebody who promises to take over, and is gone.
        await Door.StopAsync(new("runner", new(runner.Id, 1)), Token);
        await Eventually.TrueAsync(() => Said.Contains("did not stand", StringComparison.Ordinal), "it comes back", Token);
        await Eventually.TrueAsync(() => StateFile.Read().Running?.Pid == runner.Id, "it serves again", Token);
        await ListedAsync(session.SessionId);
    }

    // A link to all of the program's files; only the executable itself is a file of the test's own.
    private string Copy()
    {
        var folder = Directory.CreateDirectory(In("installed")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Program)!))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (var inner in Directory.EnumerateDirectories(Path.GetDirectoryName(Program)!))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(inner)), inner);
        }

        return Path.Combine(folder, Path.GetFileName(Program));
    }

    private async Task<Processes.ChildProcess> RunnerFromAsync(string executable, params string[] wishes)
    {
        var runner = StartFrom(executable, wishes);
        await Eventually.TrueAsync(() => StateFile.Read().State?.Pid == runner.Id, "the runner runs", Token);
        return runner;
    }
}
