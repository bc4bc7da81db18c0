using Hapi.Processes;
using Hapi.Runner.State;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.State;

public sealed class SingleRunnerTests : RunnerStage
{
    [Fact]
    public async Task A_second_runner_of_the_same_kind_says_so_and_ends()
    {
        var first = await RunnerAsync();
        var second = Start();
        Assert.Equal(0, (await second.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token)).ExitCode);
        Assert.False(first.Completion.IsCompleted);
        Assert.Equal(first.Id, StateFile.Read().State!.Pid);
    }

    [Theory]
    [InlineData("version=2.0")]
    [InlineData("token=other")]
    [InlineData("root=/tmp")]
    public async Task One_of_another_version_or_with_other_wishes_takes_over_and_the_sessions_live_on(string wish)
    {
        var first = await RunnerAsync();
        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        var second = await RunnerAsync(wish);
        Assert.Equal(0, (await first.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token)).ExitCode);
        await ListedAsync(session.SessionId);
        Assert.Equal(second.Id, Door.State.Pid);
        Assert.True(session.Identity.IsAlive());
    }

    [Fact]
    public async Task Where_versions_are_not_to_count_another_version_is_no_reason()
    {
        await RunnerAsync("handover=no");
        var second = Start("version=2.0");
        Assert.Equal(0, (await second.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token)).ExitCode);
        Assert.Equal("1.0", Door.State.Version);
    }

    [Fact]
    public async Task A_runner_that_is_frozen_is_ended_by_the_next_one()
    {
        var first = await RunnerAsync();
        await SignalAsync("STOP", first.Id);
        await RunnerAsync("version=2.0");
        Assert.Equal(128 + 9, (await first.Completion).ExitCode);
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_read_is_kept_beside_and_told()
    {
        await File.WriteAllTextAsync(StateFile.Path, "{\"pid\": 12", Token);
        await RunnerAsync();
        var aside = Assert.Single(Directory.EnumerateFiles(Home, "runner.state.json.damaged-*"));
        Assert.Equal("{\"pid\": 12", await File.ReadAllTextAsync(aside, Token));
        Assert.Contains((await Door.StatusAsync(Token)).Notices, n => n.Contains(aside, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_state_file_that_is_damaged_while_it_runs_is_kept_beside_and_written_anew()
    {
        var runner = await RunnerAsync("heartbeat=200");
        await File.WriteAllTextAsync(StateFile.Path, "[]", Token);
        await Eventually.TrueAsync(() => StateFile.Read().State?.Pid == runner.Id, "it is written anew", Token);
        Assert.NotEmpty(Directory.EnumerateFiles(Home, "runner.state.json.damaged-*"));
    }

    [Fact]
    public async Task A_state_file_left_by_a_dead_runner_whose_pid_is_anothers_stops_nobody()
    {
        await using var stranger = ChildProcess.Start(new ChildStart("/bin/sleep", ["600"]));
        var state = new RunnerState(stranger.Id, ProcessIdentity.Of(stranger.Id)!.Value.StartTime - 1, "/nowhere", "1.0", "http://127.0.0.1:1", MachineId, "hash", [], ["runner"], 1, 1, "/log");
        StateFile.Write(state);
        Assert.Null(StateFile.Read().Running);
        await RunnerAsync();
        Assert.False(stranger.Completion.IsCompleted);
    }

    [Fact]
    public async Task The_state_file_is_private_holds_no_secret_and_keeps_what_it_does_not_know()
    {
        await RunnerAsync("heartbeat=100");
        Assert.True(IsPrivate(StateFile.Path));
        Assert.True(IsPrivate(Door.State.Control));
        var text = await File.ReadAllTextAsync(StateFile.Path, Token);
        Assert.DoesNotContain("\"token\"", text, StringComparison.Ordinal);
        StateFile.Write(Door.State);
        await File.WriteAllTextAsync(StateFile.Path, text.Replace("{", "{\"future\": [1],", StringComparison.Ordinal), Token);
        var beat = Door.State.LastHeartbeat;
        await Eventually.TrueAsync(() => StateFile.Read().State is { } now && now.LastHeartbeat > beat + 150, "it beats on", Token);
        Assert.Contains("future", await File.ReadAllTextAsync(StateFile.Path, Token), StringComparison.Ordinal);
    }

    internal static async Task SignalAsync(string name, int pid)
    {
        await using var kill = ChildProcess.Start(new ChildStart("/bin/kill", ["-s", name, "--", $"{pid}"]));
        Assert.Equal(0, (await kill.Completion).ExitCode);
    }
}
