using Hapi.Contracts.Machines;
using Hapi.Workspace.Paths;
using Hapi.Workspace.Worktrees;

namespace Hapi.Workspace.Tests;

public sealed class WorktreeDeskTests : IAsyncLifetime
{
    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _repository = await Repository.CreateAsync(Token);

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return default;
    }

    [Fact]
    public async Task One_is_made_beside_the_repository_on_a_branch_of_its_own_and_listed()
    {
        var made = await MakeAsync("Fix: the Login!");
        Assert.Equal((_repository.Path + "-worktrees/fix-the-login", "hapi-fix-the-login"), (made.Path, made.Branch));
        var again = await MakeAsync("fix the login");
        Assert.Matches("^fix-the-login-[0-9a-f]{4}$", again.Name);
        var list = await Desk().ListAsync(Path.Combine(made.Path, "sub"), [Path.Combine(again.Path, "sub")], Token);
        Assert.Equal([new Worktree(made.Path, made.Branch, false, false), new Worktree(again.Path, again.Branch, false, true)], list.Worktrees);
        Assert.Matches("^[0-9]{4}-[0-9a-f]{4}$", (await MakeAsync(null)).Name);
    }

    [Fact]
    public async Task A_clean_one_is_removed_and_its_branch_stays()
    {
        var made = await MakeAsync("done");
        Assert.Equal(new WorktreeResult(true), await RemoveAsync(made.Path));
        Assert.False(Directory.Exists(made.Path));
        await _repository.GitAsync(Token, "rev-parse", "--verify", made.Branch);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("new.txt")]
    [InlineData("deep/er/new.txt")]
    public async Task Work_that_is_not_committed_is_never_removed(string file)
    {
        var made = await MakeAsync("work");
        var path = Path.Combine(made.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "precious", Token);
        Assert.Equal("worktree_dirty", (await RemoveAsync(made.Path)).Code);
        Assert.Equal("precious", await File.ReadAllTextAsync(path, Token));
    }

    [Fact]
    public async Task A_commit_that_no_branch_leads_to_is_never_removed()
    {
        var made = await MakeAsync("loose");
        await _repository.GitAsync(Token, "-C", made.Path, "checkout", "-q", "--detach");
        Assert.True((await Desk().ListAsync(_repository.Path, [], Token)).Worktrees!.Single() is { Dirty: false, Branch: "" });
        await _repository.GitAsync(Token, "-C", made.Path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "only here");
        Assert.Equal("worktree_dirty", (await RemoveAsync(made.Path)).Code);
    }

    [Fact]
    public async Task A_merge_that_is_half_done_is_never_removed()
    {
        var made = await MakeAsync("half");
        var folder = Path.Combine(_repository.Path, ".git", "worktrees", "half");
        await File.WriteAllTextAsync(Path.Combine(folder, "CHERRY_PICK_HEAD"), "", Token);
        Assert.Equal("worktree_dirty", (await RemoveAsync(made.Path)).Code);
    }

    [Fact]
    public async Task What_is_no_worktree_of_the_repository_or_in_use_is_left_alone()
    {
        var made = await MakeAsync("used");
        Assert.Equal("worktree_in_use", (await Desk().RemoveAsync(new WorktreeRequest(_repository.Path, made.Path), [Path.Combine(made.Path, "sub")], Token)).Code);
        Assert.Equal("not_a_worktree", (await RemoveAsync(_repository.Path)).Code);
        Assert.Equal("not_a_worktree", (await RemoveAsync(_repository.Outside)).Code);
        Assert.Equal("not_a_worktree", (await RemoveAsync(made.Path + "/../../outside")).Code);
        Assert.True(Directory.Exists(_repository.Outside));
        Assert.True(Directory.Exists(made.Path));
    }

    [Fact]
    public async Task Outside_the_roots_none_is_made_listed_or_removed()
    {
        var made = await MakeAsync("away");
        var desk = Desk(_repository.Path);
        Assert.Contains("outside", (await desk.CreateAsync(_repository.Path, "x", Token)).Problem, StringComparison.Ordinal);
        Assert.Equal("outside_roots", (await desk.RemoveAsync(new WorktreeRequest(_repository.Path, made.Path), [], Token)).Code);
        Assert.False((await desk.ListAsync(made.Path, [], Token)).Success);
    }

    private static WorktreeDesk Desk(params string[] roots) => new(new WorkspaceRoots(roots), TimeProvider.System);

    private Task<WorktreeMade> MakeAsync(string? hint) => Desk().CreateAsync(_repository.Path, hint, Token);

    private Task<WorktreeResult> RemoveAsync(string path) => Desk().RemoveAsync(new WorktreeRequest(_repository.Path, path), [], Token);
}
