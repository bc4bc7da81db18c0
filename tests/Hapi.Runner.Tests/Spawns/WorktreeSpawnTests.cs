using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Runner.Tests.Stages;

namespace Hapi.Runner.Tests.Spawns;

public sealed class WorktreeSpawnTests : RunnerStage
{
    private string Worktrees => Project + "-worktrees";

    [Fact]
    public async Task A_session_in_a_worktree_works_there_and_the_worktree_stays_while_it_does()
    {
        await RepositoryAsync();
        await RunnerAsync();
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good", SessionType: "worktree", WorktreeName: "My Feature"), Token);
        Assert.Equal("success", result.Type);
        var path = Path.Combine(Worktrees, "my-feature");
        var started = Assert.Single(Started());
        Assert.Equal(path, started.Directory);
        Assert.Contains($"HAPI_WORKTREE_BRANCH=hapi-my-feature", started.Environment);

        var refusal = await Hub.CallAsync(MachineId, MachineCalls.RemoveWorktree, $$"""{"directory":"{{Project}}","worktreePath":"{{path}}"}""");
        Assert.Equal("worktree_in_use", refusal.GetProperty("code").GetString());
        await Door.StopSessionAsync(new StopSessionRequest(result.SessionId!), Token);
        await ListedAsync();
        Assert.True((await Hub.CallAsync(MachineId, MachineCalls.RemoveWorktree, $$"""{"directory":"{{Project}}","worktreePath":"{{path}}"}""")).GetProperty("success").GetBoolean());
        Assert.False(Directory.Exists(path));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        await RepositoryAsync();
        await RunnerAsync();
        var result = await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good", SessionType: "worktree", WorktreeName: name), Token);
        Assert.Equal("worktree_failed", result.Code);
        Assert.False(Directory.Exists(Worktrees));
        Assert.Empty(Started());
    }

    [Fact]
    public async Task The_worktree_of_a_session_that_did_not_come_up_is_removed_again()
    {
        await RepositoryAsync();
        await RunnerAsync();
        Assert.Equal("exited", (await Door.SpawnAsync(new SpawnRequest(Project, Agent: "fails", SessionType: "worktree", WorktreeName: "x"), Token)).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Worktrees));
    }

    [Fact]
    public async Task A_folder_without_a_repository_gets_none()
    {
        await RunnerAsync();
        Assert.Equal("worktree_failed", (await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good", SessionType: "worktree"), Token)).Code);
    }

    private async Task RepositoryAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Project, "a.txt"), "a", Token);
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first");
    }

    private async Task GitAsync(params string[] arguments)
    {
        await using var git = ChildProcess.Start(new ChildStart("git", arguments, Project));
        Assert.Equal(0, (await git.Completion.WaitAsync(Token)).ExitCode);
    }
}
