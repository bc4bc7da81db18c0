using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Rpc;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Machines;

public sealed class MachineCallTests : RunnerStage
{
    [Fact]
    public async Task It_introduces_its_machine_and_says_how_it_is()
    {
        await RunnerAsync($"root={Project}");
        await Hub.HasAsync(FactKinds.MachineOpened);
        var opened = Hub.Facts[0];
        Assert.Equal(FactKinds.MachineOpened, opened.Kind);
        var metadata = opened.Body.GetProperty("machine").GetProperty("metadata");
        Assert.Equal(Project, metadata.GetProperty("workspaceRoots")[0].GetString());
        Assert.False(metadata.GetProperty("supervisedRestart").GetBoolean());
        Assert.False(metadata.TryGetProperty("displayName", out _));
        Assert.Equal("running", opened.Body.GetProperty("runnerState").GetProperty("status").GetString());
        await Eventually.TrueAsync(() => Hub.Live.Count > 0, "its health comes", Token);
        var health = Hub.Live[0].GetProperty("health");
        Assert.Equal(Environment.ProcessorCount, health.GetProperty("cpuCount").GetInt32());
        Assert.InRange(health.GetProperty("memoryPercent").GetInt32(), 0, 100);

        Hub.Cut();
        await Eventually.TrueAsync(() => Hub.Live.Count > 1, "a new link is told again", Token);
    }

    [Fact]
    public async Task Folders_are_shown_below_the_roots_only_and_folders_come_first()
    {
        Directory.CreateDirectory(Path.Combine(Project, "repo", ".git"));
        await File.WriteAllTextAsync(Path.Combine(Project, "a.txt"), "x", Token);
        await File.WriteAllTextAsync(Path.Combine(Project, ".hidden"), "x", Token);
        Directory.CreateSymbolicLink(Path.Combine(Project, "away"), "/etc");
        await RunnerAsync($"root={Project}");
        await Hub.HasAsync(FactKinds.MachineOpened);

        var list = await AskAsync(MachineCalls.ListDirectory, new { path = Project });
        Assert.Equal(["repo", "a.txt", "away"], list.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.True(list.GetProperty("entries")[0].GetProperty("isGitRepo").GetBoolean());
        Assert.Equal("other", list.GetProperty("entries")[2].GetProperty("type").GetString());
        foreach (var path in new[] { "/etc", Path.Combine(Project, "away"), Path.Combine(Project, ".."), "relative" })
        {
            Assert.False((await AskAsync(MachineCalls.ListDirectory, new { path })).GetProperty("success").GetBoolean());
        }

        var exists = (await AskAsync(MachineCalls.PathExists, new { paths = new[] { "/etc", Path.Combine(Project, "a.txt"), "/no/such" } })).GetProperty("exists");
        Assert.Equal([true, false, false], exists.EnumerateObject().Select(p => p.Value.GetBoolean()));
    }

    [Fact]
    public async Task Without_roots_no_folder_is_shown()
    {
        await RunnerAsync();
        await Hub.HasAsync(FactKinds.MachineOpened);
        Assert.False((await AskAsync(MachineCalls.ListDirectory, new { path = Project })).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task The_hub_starts_and_stops_sessions_and_ends_the_runner()
    {
        var runner = await RunnerAsync();
        await Hub.HasAsync(FactKinds.MachineOpened);
        var id = (await AskAsync(MachineCalls.Spawn, new { directory = Project, agent = "good", type = "spawn-in-directory" })).GetProperty("sessionId").GetString()!;
        Assert.Equal("Directory is required", (await AskAsync(MachineCalls.Spawn, new { agent = "good" })).GetProperty("errorMessage").GetString());
        Assert.Equal("stopped", (await AskAsync(MachineCalls.StopSession, new { sessionId = id })).GetProperty("status").GetString());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync(MachineCalls.StopSession, new { sessionId = "x" }));
        Assert.Equal("session_id_invalid", refusal.Kind);
        refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync("no-such-call", new { }));
        Assert.Equal("handler-not-registered", refusal.Kind);
        Assert.NotEmpty((await AskAsync(MachineCalls.StopRunner, new { })).GetProperty("message").GetString()!);
        Assert.Equal(0, (await runner.Completion.WaitAsync(TimeSpan.FromSeconds(5), Token)).ExitCode);
    }

    private Task<JsonElement> AskAsync(string name, object arguments) => Hub.CallAsync(MachineId, name, JsonSerializer.Serialize(arguments));
}
