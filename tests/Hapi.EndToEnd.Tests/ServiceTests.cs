using System.Text.Json;
using Hapi.Contracts.Machines;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Runner.Doors;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi service</c>: what it writes and runs, and what the written units do to real processes.</summary>
public sealed class ServiceTests : IAsyncDisposable
{
    private const string Systemctl = """
        #!/bin/sh
        echo "$*" >> "$SYSTEMCTL_LOG"
        case "$*" in *show-environment*) exit "${SYSTEMCTL_ABSENT:-0}";; *show*) echo ActiveState=inactive; echo MainPID=0;; esac
        """;

    private readonly Stage _stage = new();

    private string Log => Path.Combine(_stage.Project, "systemctl.log");

    private string Units => Path.Combine(Path.GetDirectoryName(_stage.HapiHome)!, ".config", "systemd", "user");

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Installing_twice_is_installing_once_and_uninstalling_takes_only_what_was_installed()
    {
        Directory.CreateDirectory(Units);
        await File.WriteAllTextAsync(Path.Combine(Units, "other.service"), "[Service]\n", TestContext.Current.CancellationToken);
        await RunAsync(0, "install", "--port", $"{_stage.Port}", "--reopen-interrupted");
        Assert.Equal(["--user daemon-reload", "--user enable hapi-hub.service", "--user restart hapi-hub.service", "--user daemon-reload", "--user enable hapi-runner.service", "--user restart hapi-runner.service"], Commands());
        var hub = await File.ReadAllTextAsync(Path.Combine(Units, "hapi-hub.service"), TestContext.Current.CancellationToken);
        Assert.Equal([Stage.Executable, "hub", "--port", $"{_stage.Port}"], new UnitFile(hub).Command);
        Assert.Equal(_stage.HapiHome, new UnitFile(hub).Environment["HAPI_HOME"]);
        var runner = new UnitFile(await File.ReadAllTextAsync(Path.Combine(Units, "hapi-runner.service"), TestContext.Current.CancellationToken));
        Assert.Equal([Stage.Executable, "runner", "start-sync", "--reopen-interrupted"], runner.Command);

        await RunAsync(0, "install", "--port", $"{_stage.Port}", "--reopen-interrupted");
        Assert.Equal(["--user enable hapi-hub.service", "--user start hapi-hub.service", "--user enable hapi-runner.service", "--user start hapi-runner.service"], Commands());
        Assert.True((await RunAsync(0, "status"))[0].GetProperty("installed").GetBoolean());
        Commands();

        await RunAsync(0, "uninstall");
        Assert.Equal(["--user disable --now hapi-hub.service", "--user daemon-reload", "--user disable --now hapi-runner.service", "--user daemon-reload"], Commands());
        Assert.Equal("other.service", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(Units))));
        Assert.False((await RunAsync(0, "uninstall", "hub"))[0].GetProperty("removed").GetBoolean());
        Assert.Empty(Commands());
    }

    [Fact]
    public async Task A_unit_that_this_home_did_not_make_stays_and_where_no_manager_answers_nothing_is_written()
    {
        await RunWithAsync(22, new() { ["SYSTEMCTL_ABSENT"] = "1" }, "install");
        Assert.False(Directory.Exists(Units));
        Assert.Contains("KillMode=process", (await RunWithAsync(0, new() { ["SYSTEMCTL_ABSENT"] = "1" }, "install", "hub", "--dry-run"))[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Units));

        const string Foreign = "[Service]\nExecStart=/usr/bin/hapi hub\n";
        Directory.CreateDirectory(Units);
        var unit = Path.Combine(Units, "hapi-hub.service");
        await File.WriteAllTextAsync(unit, Foreign, TestContext.Current.CancellationToken);
        await RunAsync(21, "install", "hub");
        await RunAsync(21, "uninstall", "hub");
        Assert.Equal(Foreign, await File.ReadAllTextAsync(unit, TestContext.Current.CancellationToken));
        await RunAsync(0, "install", "hub", "--force");
        await RunWithAsync(21, new() { ["HAPI_HOME"] = _stage.HapiHome + "-other" }, "uninstall", "hub");
        Assert.Contains(_stage.HapiHome, await File.ReadAllTextAsync(unit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_killing_and_restarting_the_hubs_unit_leaves_every_session_alive_and_no_label_changed()
    {
        var dryRun = await RunAsync(0, "install", "hub", "--dry-run", "--port", $"{_stage.Port}");
        var service = new StagedUnits(_stage, new UnitFile(dryRun[0].GetProperty("text").GetString()!));
        service.Start();
        await _stage.HubAnswersAsync(service.Main);
        var sessions = new[] { await _stage.DemoAsync(), await _stage.DemoAsync() };
        using (var api = await _stage.ApiAsync())
        {
            foreach (var (session, id) in sessions)
            {
                service.Join(session.Identity);
                await api.ConnectedAsync(id);
            }
        }

        // Stopped and started by hand, as an update does.
        Assert.Equal(0, await service.StopAsync());
        Assert.Equal(0, service.Restarts);
        service.Start();
        await AllAreBackAsync();

        // Killed: systemd starts it again.
        await service.EndAsync("KILL");
        Assert.Equal(1, service.Restarts);
        await AllAreBackAsync();

        // Asked to end from outside it ends in order, and stays so.
        var main = service.Main;
        await service.EndAsync("TERM");
        Assert.Equal(0, await main.EndedAsync());
        Assert.Equal(1, service.Restarts);
        Assert.All(sessions, s => Assert.False(s.Session.HasEnded));

        async Task AllAreBackAsync()
        {
            await _stage.HubAnswersAsync(service.Main);
            using var api = await _stage.ApiAsync();
            foreach (var (session, id) in sessions)
            {
                await api.ConnectedAsync(id);
                Assert.False(session.HasEnded);
                var metadata = (await api.SessionAsync(id)).GetProperty("metadata");
                Assert.Equal("running", metadata.GetProperty("lifecycleState").GetString());
                Assert.False(metadata.TryGetProperty("archiveReason", out _));
            }
        }
    }

    [Fact]
    public async Task Stopping_killing_and_ending_the_runners_unit_leaves_its_sessions_alive_and_the_next_runner_has_them()
    {
        await _stage.HubAsync();
        var dryRun = await RunAsync(0, "install", "runner", "--dry-run");
        var service = new StagedUnits(_stage, new UnitFile(dryRun[0].GetProperty("text").GetString()!));
        service.Start();
        var spawned = await (await DoorAsync(service)).SpawnAsync(new SpawnRequest(_stage.Project, Agent: "demo"), TestContext.Current.CancellationToken);
        Assert.Equal("success", spawned.Type);
        var session = Assert.Single(new RunningSessions(_stage.HapiHome).List());
        service.Join(session.Identity);
        try
        {
            using var api = await _stage.ApiAsync();
            await api.ConnectedAsync(spawned.SessionId!);

            Assert.Equal(0, await service.StopAsync());
            Assert.True(session.Identity.IsAlive());
            service.Start();
            await HasItAsync();

            // However it ends by itself, it comes back.
            foreach (var signal in new[] { "KILL", "TERM" })
            {
                var restarts = service.Restarts;
                await service.EndAsync(signal);
                Assert.Equal(restarts + 1, service.Restarts);
                await HasItAsync();
            }

            await api.ConnectedAsync(spawned.SessionId!);
            Assert.Equal("running", (await api.SessionAsync(spawned.SessionId!)).GetProperty("metadata").GetProperty("lifecycleState").GetString());
            await service.StopAsync();
        }
        finally
        {
            await RunningSessions.StopAsync(session, "User terminated", "test", TimeProvider.System, CancellationToken.None);
            await Eventually.TrueAsync(() => !session.Identity.IsAlive(), "the session ends", CancellationToken.None);
        }

        async Task HasItAsync()
        {
            var listed = Assert.Single((await (await DoorAsync(service)).ListAsync(TestContext.Current.CancellationToken)).Sessions);
            Assert.Equal((session.SessionId, session.Pid), (listed.SessionId, listed.Pid));
        }
    }

    // The door of the runner that is the unit's main process now.
    private async Task<RunnerDoor> DoorAsync(StagedUnits service)
    {
        RunnerDoor? door = null;
        await Eventually.TrueAsync(() => (door = RunnerDoor.Find(_stage.HapiHome, TimeProvider.System))?.State.Pid == service.Main.Identity.Pid, "the runner runs", TestContext.Current.CancellationToken);
        return door!;
    }

    private Task<JsonElement> RunAsync(int exitCode, params string[] arguments) => RunWithAsync(exitCode, [], arguments);

    private async Task<JsonElement> RunWithAsync(int exitCode, Dictionary<string, string> environment, params string[] arguments)
    {
        var programs = Path.Combine(_stage.Project, "bin");
        Directory.CreateDirectory(programs);
        var systemctl = Path.Combine(programs, "systemctl");
        await File.WriteAllTextAsync(systemctl, Systemctl, TestContext.Current.CancellationToken);
        Stage.SetMode(systemctl, (UnixFileMode)0b111_101_101);
        environment["PATH"] = $"{programs}:/usr/bin:/bin";
        environment["SYSTEMCTL_LOG"] = Log;
        var program = _stage.HapiWith(environment, ["service", .. arguments, "--json"]);
        var code = await program.EndedAsync();
        Assert.True(exitCode == code, $"{string.Join(' ', arguments)} ended with {code}: {program.Out}{program.Error}");
        return JsonElement.Parse(program.Out);
    }

    // What was run since the last look, but for the looks themselves.
    private string[] Commands()
    {
        var commands = File.Exists(Log) ? File.ReadAllLines(Log) : [];
        File.Delete(Log);
        return [.. commands.Where(c => !c.Contains("show", StringComparison.Ordinal))];
    }
}
