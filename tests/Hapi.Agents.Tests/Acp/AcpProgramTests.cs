using Hapi.Agents.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>The adapter with real programs: how they start, die and are stopped.</summary>
public sealed class AcpProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordingHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_program_is_told_by_its_name()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, "no-such-agent", "--acp");

        var ex = await Assert.ThrowsAsync<AgentException>(() => agent.StartAsync(Token));

        Assert.Equal("agent_not_found", ex.Code);
        Assert.Contains("no-such-agent", ex.Message, StringComparison.Ordinal);
        Assert.Equal(new AgentExit(0, null), await agent.Completion);
    }

    [Fact]
    public async Task A_missing_command_and_a_missing_folder_are_told()
    {
        await using var nothing = TestPrograms.Agent(_host, _folder);
        Assert.Contains("hapi acp --", (await Assert.ThrowsAsync<AgentException>(() => nothing.StartAsync(Token))).Message, StringComparison.Ordinal);

        await using var nowhere = new AcpAgent(
            new AgentStart("acp", _folder["gone"], TestPrograms.Environment(_folder.Path), Command: [TestPrograms.TestAgent]), _host, TimeProvider.System);
        Assert.Contains(_folder["gone"], (await Assert.ThrowsAsync<AgentException>(() => nowhere.StartAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_found_on_the_path_it_is_given_not_on_ours()
    {
        var environment = TestPrograms.Environment(_folder.Path);
        environment["PATH"] = $"{Path.GetDirectoryName(TestPrograms.TestAgent)}{Path.PathSeparator}{environment["PATH"]}";
        await using var agent = new AcpAgent(
            new AgentStart("acp", _folder.Path, environment, Command: [Path.GetFileName(TestPrograms.TestAgent)]), _host, TimeProvider.System);

        Assert.Equal("1.2.3", (await agent.StartAsync(Token)).AgentVersion);
    }

    [Fact]
    public async Task The_program_gets_the_given_environment_and_nothing_of_ours()
    {
        System.Environment.SetEnvironmentVariable("HAPI_TEST_SECRET", "of the parent");
        await using var agent = TestPrograms.Agent(_host, _folder, TestPrograms.TestAgent);
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("tell"), Token)).End);

        var told = Assert.Single(_host.All<TextSettled>()).Text;
        Assert.Contains($"HOME={_folder.Path}", told, StringComparison.Ordinal);
        Assert.DoesNotContain("HAPI_TEST_SECRET", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stray_lines_on_stdout_harm_nobody()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, TestPrograms.TestAgent, "chatty");
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("tell"), Token)).End);
    }

    [Fact]
    public async Task A_program_that_leaves_and_speaks_of_signing_in_is_not_signed_in()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, TestPrograms.TestAgent, "signed-out");

        var ex = await Assert.ThrowsAsync<AgentException>(() => agent.StartAsync(Token));

        Assert.Equal("agent_not_signed_in", ex.Code);
        Assert.Contains("No authentication information found", ex.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_no_agent_has_exited()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, "sh", "-c", "echo 'unknown option: --acp'; exit 64");

        var ex = await Assert.ThrowsAsync<AgentException>(() => agent.StartAsync(Token));

        Assert.Equal("agent_exited", ex.Code);
        Assert.Contains("exit code 64: unknown option: --acp", ex.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_death_in_a_turn_is_told_with_its_exit_code_and_last_words()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, TestPrograms.TestAgent, "dies");
        await agent.StartAsync(Token);

        var turn = await agent.PromptAsync(new AgentPrompt("die"), Token);

        Assert.Equal(new TurnResult(TurnEnd.AgentGone, "Test agent ended with exit code 7: FATAL: heap out of memory"), turn);
        Assert.Equal(new AgentExit(7, turn.Message), await agent.Completion);
        Assert.Equal(TurnEnd.AgentGone, (await agent.PromptAsync(new AgentPrompt("again"), Token)).End);
    }

    [Fact]
    public async Task A_death_is_noticed_although_a_descendant_holds_the_pipe()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, "sh", "-c", "sleep 600 & exec \"$0\" dies", TestPrograms.TestAgent);
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.AgentGone, (await agent.PromptAsync(new AgentPrompt("die"), Token)).End);
        Assert.Equal(7, (await agent.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task A_program_that_heeds_neither_the_end_of_its_input_nor_a_signal_is_killed_with_what_it_started()
    {
        await using var agent = TestPrograms.Agent(_host, _folder, "sh", "-c", "sleep 600 & export DESCENDANT=$!; exec \"$0\" stubborn", TestPrograms.TestAgent);
        await agent.StartAsync(Token);
        await agent.PromptAsync(new AgentPrompt("tell"), Token);
        var descendant = int.Parse(_host.All<TextSettled>().Single().Text.Split('\n').Single(line => line.StartsWith("DESCENDANT=", StringComparison.Ordinal))["DESCENDANT=".Length..]);
        Assert.True(IsAlive(descendant));

        var exit = await agent.StopAsync();

        Assert.Null(exit.Message);
        await Eventually.TrueAsync(() => !IsAlive(descendant), "the descendant is gone", Token);
        Assert.Equal(exit, await agent.StopAsync());
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
