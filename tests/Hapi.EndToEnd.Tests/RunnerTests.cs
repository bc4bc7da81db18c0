using System.Text.Json;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Processes;
using Hapi.Runner.Doors;

namespace Hapi.EndToEnd.Tests;

/// <summary>A real hub, a real runner in the background, and the sessions it starts.</summary>
public sealed class RunnerTests : IAsyncLifetime
{
    private readonly Stage _stage = new();
    private HubApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        await _stage.HubAsync();
        _api = await _stage.ApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.RunAsync("runner", "stop");
        foreach (var session in new RunningSessions(_stage.HapiHome).List())
        {
            ForeignTree.Kill(session.Identity);
        }

        _api.Dispose();
        await _stage.DisposeAsync();
    }

    [Fact]
    public async Task A_phone_starts_a_session_that_works_and_a_killed_runner_finds_and_stops_it_again()
    {
        var machine = await StartAsync("--workspace-root", _stage.Project);
        var id = await SpawnAsync(machine);
        await AnswersAsync(id, "first");
        Assert.True((await _api.SessionAsync(id)).GetProperty("metadata").GetProperty("startedFromRunner").GetBoolean());

        Signals.Kill(Door.State.Identity);
        await _api.UntilAsync("the runner is dead", () => Task.FromResult(RunnerDoor.Find(_stage.HapiHome, TimeProvider.System) is null));
        await AnswersAsync(id, "second");
        await StartAsync("--workspace-root", _stage.Project);
        var listed = JsonElement.Parse((await _stage.RunAsync("runner", "list", "--json")).Out);
        Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("sessionId").GetString());

        var (exitCode, said, _) = await _stage.RunAsync("runner", "stop-session", id, "--json");
        Assert.Equal((0, "stopped"), (exitCode, JsonElement.Parse(said).GetProperty("status").GetString()));
        Assert.Equal(("cli", "Stopped by runner"), await _api.ArchivedAsync(id));
        await _api.UntilAsync("the audit has the runner's own word", async () =>
            (await _api.GetAsync($"/api/audit?session={id}")).GetRawText().Contains("stop-session", StringComparison.Ordinal));
        Assert.False(await IsInterruptedAsync(id));
    }

    [Fact]
    public async Task What_was_killed_is_interrupted_and_is_brought_back_when_the_runner_starts_so()
    {
        var machine = await StartAsync();
        var id = await SpawnAsync(machine);
        await AnswersAsync(id, "before");
        Signals.Kill(new RunningSessions(_stage.HapiHome).List().Single().Identity);
        await _api.UntilAsync("it is interrupted", () => IsInterruptedAsync(id));
        Assert.Equal(0, (await _stage.RunAsync("runner", "stop")).ExitCode);

        await StartAsync("--reopen-interrupted");
        await _api.UntilAsync("it is brought back", async () => (await Door.StatusAsync(TestContext.Current.CancellationToken)).Reopen?.State is "done");
        Assert.Equal([id], (await Door.StatusAsync(TestContext.Current.CancellationToken)).Reopen!.Reopened);
        await AnswersAsync(id, "after");
        Assert.Single(new RunningSessions(_stage.HapiHome).List());
        Assert.Equal(2, (await _api.TextsAsync(id)).Count); // no turn has run twice
    }

    [Fact]
    public async Task Commands_say_what_is_and_give_codes_when_no_runner_runs()
    {
        Assert.Equal(0, (await _stage.RunAsync("runner", "status")).ExitCode);
        Assert.Equal(16, (await _stage.RunAsync("runner", "list")).ExitCode);
        Assert.Equal(0, (await _stage.RunAsync("runner", "stop")).ExitCode);
        Assert.Equal(2, (await _stage.RunAsync("runner", "stop-session", "x")).ExitCode);
        Assert.Equal(2, (await _stage.RunAsync("runner", "start", "--workspace-root", "/no/such/folder")).ExitCode);

        await StartAsync();
        var again = await _stage.RunAsync("runner", "start", "--json");
        Assert.Equal(0, again.ExitCode);
        Assert.True(JsonElement.Parse(again.Out).GetProperty("already").GetBoolean());
        var sync = await _stage.RunAsync("runner", "start-sync");
        Assert.Equal(0, sync.ExitCode);
        Assert.Contains("already", sync.Out, StringComparison.Ordinal);
        var status = JsonElement.Parse((await _stage.RunAsync("runner", "status", "--json")).Out);
        Assert.True(status.GetProperty("running").GetBoolean());
        var log = (await _stage.RunAsync("runner", "logs")).Out.Trim();
        Assert.Contains("The runner", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(_stage.Token, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private RunnerDoor Door => RunnerDoor.Find(_stage.HapiHome, TimeProvider.System) ?? throw new InvalidOperationException("No runner runs.");

    /// <summary>Starts the runner, waits until the hub knows it, and gives the machine's id.</summary>
    private async Task<string> StartAsync(params string[] options)
    {
        var (exitCode, said, error) = await _stage.RunAsync(["runner", "start", .. options]);
        Assert.True(exitCode == 0, said + error);
        var machine = Door.State.MachineId;
        await _api.UntilAsync("the machine is online", async () => (await _api.GetAsync("/api/machines")).GetProperty("machines").EnumerateArray().Any(m => m.GetProperty("id").GetString() == machine));
        return machine;
    }

    private async Task<string> SpawnAsync(string machine)
    {
        var answer = await _api.PostAsync($"/api/machines/{machine}/spawn", $$"""{"directory":"{{_stage.Project}}","agent":"demo"}""");
        Assert.True(answer.GetProperty("type").GetString() is "success", answer.GetRawText());
        var id = answer.GetProperty("sessionId").GetString()!;
        await _api.ConnectedAsync(id);
        return id;
    }

    private async Task<bool> IsInterruptedAsync(string id) => (await _api.SessionAsync(id)).TryGetProperty("interrupted", out var interrupted) && interrupted.GetBoolean();

    private async Task AnswersAsync(string id, string text)
    {
        var before = (await _api.TextsAsync(id)).Count;
        await _api.SendAsync(id, text, "local-" + text);
        await _api.UntilAsync($"the agent answers \"{text}\"", async () => (await _api.TextsAsync(id)).Count > before);
    }
}
