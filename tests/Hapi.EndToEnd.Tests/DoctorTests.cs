using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Runner.Doors;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi doctor</c> finds what is wrong, says what to do, and changes nothing by looking.</summary>
public sealed class DoctorTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Where_all_is_well_nothing_fails_and_no_secret_is_shown()
    {
        await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        await session.SaidAsync("Connected to the hub");
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);

        var (code, output, error) = await _stage.RunAsync("doctor", "--json");
        Assert.Equal(0, code);
        var findings = Findings(output);
        Assert.All(["version", "home", "settings", "token", "hub", "clock", "sessions", "outbox", "disk"], check => Assert.Equal("ok", findings[check].GetProperty("verdict").GetString()));
        Assert.Equal("***", findings["settings"].GetProperty("data").GetProperty("cliApiToken").GetString());
        Assert.Equal(id, Assert.Single(findings["sessions"].GetProperty("data").EnumerateArray()).GetProperty("sessionId").GetString());
        Assert.False(string.IsNullOrEmpty(findings["hub"].GetProperty("data").GetProperty("id").GetString()));
        Assert.DoesNotContain(_stage.Token, output + error, StringComparison.Ordinal);
        Assert.False(session.HasEnded);
    }

    [Fact]
    public async Task What_is_damaged_is_reported_and_left_as_it_is()
    {
        Directory.CreateDirectory(_stage.HapiHome);
        var settings = Path.Combine(_stage.HapiHome, "settings.json");
        var runner = Path.Combine(_stage.HapiHome, "runner.state.json");
        await File.WriteAllTextAsync(settings, "{ half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(runner, "not json", TestContext.Current.CancellationToken);
        Stage.SetMode(settings, (UnixFileMode)0b110_100_100);
        Stage.SetMode(_stage.HapiHome, (UnixFileMode)0b111_101_101);

        var findings = await FailAsync(new() { ["HAPI_API_URL"] = "", ["HAPI_LISTEN_PORT"] = $"{_stage.Port}" });
        Assert.All(["settings", "settings-mode", "runner"], check => Assert.Equal("fail", findings[check].GetProperty("verdict").GetString()));
        Assert.Equal("warn", findings["home"].GetProperty("verdict").GetString());
        Assert.Contains("chmod 700", findings["home"].GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.Equal("{ half", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken));
        Assert.Equal("not json", await File.ReadAllTextAsync(runner, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_HAPI_in_the_same_places_is_found_with_the_way_to_live_beside_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, _stage.Port);
        listener.Start();
        Directory.CreateDirectory(_stage.HapiHome);
        await File.WriteAllTextAsync(Path.Combine(_stage.HapiHome, "hapi.db"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_stage.HapiHome, "runner.state.json"), """{"pid":1,"httpPort":4711,"startTime":"9.3.2026, 12:00:00","startedWithCliVersion":"0.29.0"}""", TestContext.Current.CancellationToken);
        var programs = Path.Combine(_stage.Project, "bin");
        Directory.CreateDirectory(programs);
        await File.WriteAllTextAsync(Path.Combine(programs, "hapi"), "#!/bin/sh\necho 'hapi version: 0.29.0'\n", TestContext.Current.CancellationToken);
        Stage.SetMode(Path.Combine(programs, "hapi"), (UnixFileMode)0b111_101_101);

        var program = _stage.HapiWith(new() { ["HAPI_API_URL"] = "", ["HAPI_LISTEN_PORT"] = $"{_stage.Port}", ["PATH"] = $"{programs}:/usr/bin:/bin" }, "doctor");
        Assert.Equal(1, await program.EndedAsync());
        Assert.Contains($"\"hapi\" on the PATH is another program: {programs}/hapi (hapi version: 0.29.0)", program.Out, StringComparison.Ordinal);
        Assert.Contains("hapi.db is the store of another HAPI", program.Out, StringComparison.Ordinal);
        Assert.Contains("was written by another HAPI (0.29.0)", program.Out, StringComparison.Ordinal);
        Assert.Contains($"Port {_stage.Port} is held by", program.Out, StringComparison.Ordinal);
        Assert.Contains("set HAPI_HOME=~/.hapi-own and HAPI_LISTEN_PORT=3007", program.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_dead_have_left_and_a_hub_that_knows_nothing_are_told()
    {
        var hub = await _stage.HubAsync();
        var (delivered, _) = await _stage.DemoAsync();
        await delivered.SaidAsync("Connected to the hub");
        await delivered.SignalAsync("INT");
        await delivered.EndedAsync();
        await hub.SignalAsync("KILL");
        await hub.EndedAsync();

        var (dead, id) = await _stage.DemoAsync();
        await dead.SaidAsync("cannot be reached");
        await dead.SignalAsync("KILL");
        await dead.EndedAsync();
        var left = await FailAsync([]);
        Assert.Equal("fail", left["hub"].GetProperty("verdict").GetString());
        var waiting = Assert.Single(left["outbox"].GetProperty("data").EnumerateArray());
        Assert.Equal(id, waiting.GetProperty("sessionId").GetString());
        Assert.True(waiting.GetProperty("waiting").GetInt64() > 0);
        Assert.Contains("1 of them run no more", left["outbox"].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single(left["dead-sessions"].GetProperty("data").EnumerateArray()).GetString());

        foreach (var file in Directory.EnumerateFiles(_stage.HapiHome, "hub.db*"))
        {
            File.Delete(file);
        }

        await _stage.HubAsync();
        var findings = Findings((await _stage.RunAsync("doctor", "--json")).Out);
        Assert.Equal("warn", findings["rows"].GetProperty("verdict").GetString());
        Assert.Contains("knows none of the 1 sessions", findings["rows"].GetProperty("text").GetString(), StringComparison.Ordinal);

        var refused = await FailAsync(new() { ["CLI_API_TOKEN"] = "not-the-token-of-this-hub" });
        Assert.Contains("does not accept this token", refused["hub"].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cleanup_asks_first_so_that_the_record_says_who_wanted_it_and_leaves_what_a_person_started()
    {
        await _stage.HubAsync();
        var (mine, _) = await _stage.DemoAsync();
        var runaway = _stage.Hapi("demo", "--started-by", "runner", "--json");
        await mine.SaidAsync("Connected to the hub");
        await runaway.SaidAsync("Connected to the hub");
        var id = JsonElement.Parse(runaway.Out).GetProperty("sessionId").GetString()!;

        var (code, output, _) = await _stage.RunAsync("doctor", "clean", "--json");
        Assert.Equal(0, code);
        var report = JsonElement.Parse(output);
        Assert.Equal(1, report.GetProperty("ended").GetInt32());
        Assert.Equal(("accepted", id), Assert.Single(report.GetProperty("processes").EnumerateArray()) is var ended ? (ended.GetProperty("outcome").GetString()!, ended.GetProperty("name").GetString()!) : default);
        Assert.Equal(0, await runaway.EndedAsync());
        using var api = await _stage.ApiAsync();
        Assert.Equal(("cli", "Stopped by hapi doctor clean"), await api.ArchivedAsync(id));
        Assert.False(mine.HasEnded);
        Assert.Equal(mine.Identity.Pid, Assert.Single(new RunningSessions(_stage.HapiHome).List()).Pid);
        Assert.Contains("Nothing runs away", (await _stage.RunAsync("doctor", "clean")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_cleanup_ended_by_signal_is_not_interrupted_and_no_runner_brings_it_back()
    {
        await _stage.HubAsync();
        var runaway = _stage.Hapi("demo", "--started-by", "runner", "--json");
        await runaway.SaidAsync("Connected to the hub");
        var running = new RunningSessions(_stage.HapiHome);
        running.Write(Assert.Single(running.List()) with { Control = Path.Combine(_stage.Project, "nobody") });

        var (_, output, _) = await _stage.RunAsync("doctor", "clean", "--json");
        Assert.Equal("terminated", Assert.Single(JsonElement.Parse(output).GetProperty("processes").EnumerateArray()).GetProperty("outcome").GetString());
        await runaway.EndedAsync();
        var id = JsonElement.Parse(runaway.Out).GetProperty("sessionId").GetString()!;
        using var api = await _stage.ApiAsync();
        Assert.Equal(("cli", "Hub restart"), await api.ArchivedAsync(id));
        Assert.True((await api.SessionAsync(id)).GetProperty("interrupted").GetBoolean());

        var runner = _stage.Hapi("runner", "start-sync", "--reopen-interrupted");
        RunnerStatus? status = null;
        await Eventually.TrueAsync(async () => (status = RunnerDoor.Find(_stage.HapiHome, TimeProvider.System) is { } door ? await door.StatusAsync(TestContext.Current.CancellationToken) : null)?.Reopen?.State is "done" or "failed", "the runner has asked", TestContext.Current.CancellationToken);
        Assert.Equal(("done", 0), (status!.Reopen!.State, status.Reopen.Reopened?.Count ?? 0));
        Assert.False((await api.SessionAsync(id)).TryGetProperty("interrupted", out _));
        Assert.Empty(new StopNotes(_stage.HapiHome).List());
        Assert.Empty(running.List());
        Assert.False(runner.HasEnded);
    }

    private async Task<Dictionary<string, JsonElement>> FailAsync(Dictionary<string, string> environment)
    {
        var program = _stage.HapiWith(environment, "doctor", "--json");
        Assert.Equal(1, await program.EndedAsync());
        return Findings(program.Out);
    }

    private static Dictionary<string, JsonElement> Findings(string output) =>
        JsonElement.Parse(output).GetProperty("findings").EnumerateArray().GroupBy(f => f.GetProperty("check").GetString()!).ToDictionary(g => g.Key, g => g.First());
}
