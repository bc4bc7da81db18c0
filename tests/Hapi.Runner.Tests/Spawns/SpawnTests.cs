using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Spawns;

public sealed class SpawnTests : RunnerStage
{
    [Fact]
    public async Task A_new_session_gets_an_id_a_log_of_its_own_and_none_of_Hapis_secrets()
    {
        await RunnerAsync();
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good", Model: "--yolo", PermissionMode: "plan", Yolo: true), Token);
        Assert.Equal("success", result.Type);
        var started = Assert.Single(Started());
        Assert.Equal(["good", "--hapi-starting-mode", "remote", "--started-by", "runner", "--new-session-id", result.SessionId!, "--model=--yolo", "--permission-mode=plan"], started.Arguments);
        Assert.Equal(Project, started.Directory);
        Assert.DoesNotContain(started.Environment.Concat(started.Arguments), v => v.Contains("secret-of-the-hub", StringComparison.Ordinal) || v.StartsWith("CLI_API_TOKEN", StringComparison.Ordinal));
        Assert.Contains("ANTHROPIC_API_KEY=dummy", started.Environment);
        var log = Assert.Single(Directory.EnumerateFiles(Path.Combine(Home, "logs"), $"*-session-{result.SessionId}.log"));
        Assert.True(IsPrivate(log));
        await Hub.HasAsync(FactKinds.ProcessStarted, result.SessionId);
    }

    [Fact]
    public async Task A_session_that_goes_on_keeps_its_id_and_its_conversation()
    {
        await RunnerAsync();
        var id = Guid.NewGuid().ToString();
        await Door.SpawnAsync(new SpawnRequest(Project, id, "native-7", "good", ForkSession: true, Effort: "high"), Token);
        Assert.Equal(
            ["good", "--resume=native-7", "--fork-session", "--hapi-starting-mode", "remote", "--started-by", "runner", "--existing-session-id", id, "--effort=high"], Assert.Single(Started()).Arguments);
    }

    [Fact]
    public async Task Many_who_want_the_same_session_get_one_process_and_the_same_answer()
    {
        var first = await RunnerAsync();
        var id = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Door.SpawnAsync(new SpawnRequest(Project, id, Agent: "good"), Token)));
        Assert.All(answers, a => Assert.Equal(new SpawnResult("success", id), a));
        await KillAsync(first);
        await RunnerAsync();
        Assert.Equal("success", (await Door.SpawnAsync(new SpawnRequest(Project, id, Agent: "good"), Token)).Type);
        Assert.Single(Started());

        await Door.StopSessionAsync(new StopSessionRequest(id), Token);
        Assert.Equal("success", (await Door.SpawnAsync(new SpawnRequest(Project, id, Agent: "good"), Token)).Type);
        Assert.Equal(2, Started().Count);
    }

    [Fact]
    public async Task One_that_ends_before_it_reports_is_told_with_the_end_of_its_log()
    {
        await RunnerAsync();
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: "fails"), Token);
        Assert.Equal(("error", "exited"), (result.Type, result.Code));
        Assert.EndsWith("The agent is not installed.", result.ErrorMessage, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            () => Hub.Of(FactKinds.MachinePatch).Any(p => p.Body.GetProperty("runnerState").GetProperty("lastSpawnError") is { ValueKind: System.Text.Json.JsonValueKind.Object } e && e.GetProperty("code").GetString() is "exited"),
            "the hub knows why the last start failed", Token);
    }

    [Fact]
    public async Task One_that_does_not_report_in_time_is_stopped_and_that_is_told()
    {
        await RunnerAsync("report=400");
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: "deaf", By: "a phone"), Token);
        Assert.Equal(("error", "report_timeout"), (result.Type, result.Code));
        Assert.Null(ProcessIdentity.Of(Assert.Single(Started()).Pid));
        await Hub.HasAsync(FactKinds.ProcessStopped);
        var stopped = Hub.Of(FactKinds.ProcessStopped).Single().Body;
        Assert.Equal(("report-timeout", "terminated"), (stopped.GetProperty("why").GetString(), stopped.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task One_that_does_not_report_itself_is_found_by_its_state_file()
    {
        await RunnerAsync();
        Assert.Equal("success", (await Door.SpawnAsync(new SpawnRequest(Project, Agent: "absent"), Token)).Type);
    }

    [Fact]
    public async Task A_late_report_of_one_that_was_given_up_is_answered_with_its_stop()
    {
        await RunnerAsync("report=5000", "terminated=60000");
        var spawning = Door.SpawnAsync(new SpawnRequest(Project, Agent: "late"), Token);
        await Eventually.TrueAsync(() => Said.Contains("did not report in time", StringComparison.Ordinal), "it is given up", Token);
        await File.WriteAllTextAsync(Path.Combine(Home, "late"), "", Token);
        Assert.Equal("report_timeout", (await spawning).Code);
        Assert.Empty((await Door.ListAsync(Token)).Sessions);
    }

    [Theory]
    [InlineData("nobody", "agent_unknown")]
    [InlineData("good", "start_failed", "pty")]
    public async Task What_this_runner_cannot_start_is_refused(string agent, string code, string? mode = null)
    {
        await RunnerAsync();
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: agent, StartingMode: mode), Token);
        Assert.Equal(("error", code), (result.Type, result.Code));
        Assert.Empty(Started());
    }

    [Fact]
    public async Task A_folder_outside_the_roots_is_refused_also_through_a_link_and_one_below_is_made()
    {
        var outside = Directory.CreateDirectory(In("outside")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Project, "link"), outside);
        await RunnerAsync($"root={Project}");
        foreach (var directory in new[] { outside, Path.Combine(Project, "link"), Path.Combine(Project, "link", "new"), Path.Combine(Project, "..", "outside") })
        {
            Assert.Equal("directory_outside_roots", (await Door.SpawnAsync(new SpawnRequest(directory, Agent: "good"), Token)).Code);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Empty(Started());
        var below = Path.Combine(Project, "..child", "deeper");
        Assert.Equal("requestToApproveDirectoryCreation", (await Door.SpawnAsync(new SpawnRequest(below, Agent: "good", ApprovedNewDirectoryCreation: false), Token)).Type);
        Assert.Equal("success", (await Door.SpawnAsync(new SpawnRequest(below, Agent: "good"), Token)).Type);
        Assert.Equal(below, Assert.Single(Started()).Directory);
    }

    [Fact]
    public async Task A_home_path_of_200_characters_is_no_obstacle()
    {
        Settle(new string('h', 200));
        await RunnerAsync();
        var id = (await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good"), Token)).SessionId!;
        await ListedAsync(id);
        Assert.Equal("stopped", (await Door.StopSessionAsync(new StopSessionRequest(id), Token)).Status);
    }
}
