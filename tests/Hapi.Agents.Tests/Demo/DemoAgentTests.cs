using Hapi.Agents.Tests.Acp;
using Hapi.Contracts;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Demo;

/// <summary>The demo agent as a program of its own, through the adapter.</summary>
public sealed class DemoAgentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_first_message_explains_it_and_later_ones_do_not()
    {
        var host = new RecordingHost();
        await using var agent = TestPrograms.Demo(host, _folder);
        var ready = await agent.StartAsync(Token);
        Assert.Equal(["default", "auto", "plan"], ready.Modes.Select(mode => mode.Id));

        await agent.PromptAsync(new AgentPrompt("Hello you"), Token);
        await agent.PromptAsync(new AgentPrompt("Hello again"), Token);

        Assert.Collection(
            host.All<TextSettled>(),
            text => Assert.All(["run", "edit", "ask", "plan", "slow", "fail"], act => Assert.Contains($"`{act}`", text.Text, StringComparison.Ordinal)),
            text => Assert.StartsWith("You said: \"Hello again\"", text.Text, StringComparison.Ordinal));
        Assert.Equal("Hello you", Assert.Single(host.All<TitleChanged>()).Title);
        Assert.NotEmpty(host.Streams);
        host.AssertNothingStreams();
    }

    [Fact]
    public async Task Run_asks_and_runs()
    {
        await File.WriteAllTextAsync(_folder["find-me.txt"], "x", Token);
        var host = await PlayAsync("please run something", new PermissionDecision(Verdict.Approved));

        Assert.Equal("Bash", Assert.Single(host.Asks).Tool);
        var result = Assert.Single(host.All<ToolReturned>());
        Assert.Equal(host.Asks[0].Id, result.CallId);
        Assert.False(result.IsError);
        Assert.Contains("find-me.txt", result.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_that_is_denied_does_not_run_and_tells_the_reason()
    {
        var host = await PlayAsync("run", new PermissionDecision(Verdict.Denied, "not today"));

        var result = Assert.Single(host.All<ToolReturned>());
        Assert.True(result.IsError);
        Assert.Contains("not today", result.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_that_is_allowed_for_the_session_is_not_asked_again()
    {
        var host = new RecordingHost((_, _) => Task.FromResult(new PermissionDecision(Verdict.ApprovedForSession)));
        await using var agent = TestPrograms.Demo(host, _folder);
        await agent.StartAsync(Token);

        await agent.PromptAsync(new AgentPrompt("run"), Token);
        await agent.PromptAsync(new AgentPrompt("run"), Token);

        Assert.Single(host.Asks);
        Assert.Equal(2, host.All<ToolReturned>().Count(result => !result.IsError));
        Assert.Equal("auto", Assert.Single(host.All<ConfigChanged>()).PermissionMode);
    }

    [Fact]
    public async Task Edit_shows_what_it_will_write_and_writes_it_when_allowed()
    {
        var host = await PlayAsync("edit: first", new PermissionDecision(Verdict.Approved));

        var input = Assert.Single(host.Asks).Arguments.ToElement();
        Assert.Equal(_folder["hapi-demo.txt"], input.GetProperty("file_path").GetString());
        Assert.Equal(input.GetProperty("content").GetString(), await File.ReadAllTextAsync(_folder["hapi-demo.txt"], Token));

        host = await PlayAsync("edit: second", new PermissionDecision(Verdict.Approved));

        input = Assert.Single(host.Asks).Arguments.ToElement();
        Assert.Equal("Edit", host.Asks[0].Tool);
        Assert.EndsWith("edit: first\n", input.GetProperty("old_string").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("edit: second\n", input.GetProperty("new_string").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_that_is_denied_leaves_no_file()
    {
        await PlayAsync("edit", new PermissionDecision(Verdict.Denied));

        Assert.False(File.Exists(_folder["hapi-demo.txt"]));
    }

    [Theory]
    [InlineData("""{"0":["Green"]}""")]
    [InlineData("""{"Colour":{"answers":["Green"]}}""")]
    public async Task Ask_gets_its_answer(string answers)
    {
        var host = await PlayAsync("ask me", new PermissionDecision(Verdict.Approved, Answers: RawJson.Parse(answers)));

        Assert.Equal(AskKind.Question, Assert.Single(host.Asks).Kind);
        Assert.Contains("I noted: Green.", host.All<TextSettled>().Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_waits_for_approval_and_then_goes_through_its_steps()
    {
        var host = await PlayAsync("plan", new PermissionDecision(Verdict.Approved, Mode: "auto"));

        Assert.Equal(AskKind.Plan, Assert.Single(host.Asks).Kind);
        Assert.All(host.All<PlanChanged>().Last().Steps, step => Assert.Equal("completed", step.Status));

        host = await PlayAsync("plan", new PermissionDecision(Verdict.Denied));
        Assert.DoesNotContain(host.All<PlanChanged>(), plan => plan.Steps.Any(step => step.Status is "completed"));

        // Also an agent that never asks otherwise waits with its plan.
        Assert.Single((await PlayAsync("plan", new PermissionDecision(Verdict.Denied), "auto")).Asks);
    }

    [Fact]
    public async Task In_plan_mode_nothing_runs_before_the_plan_is_approved()
    {
        var host = await PlayAsync("run", new PermissionDecision(Verdict.Denied), "plan");

        Assert.Equal("ExitPlanMode", Assert.Single(host.Asks).Tool);
    }

    [Fact]
    public async Task Slow_streams_and_stops_when_told_to()
    {
        var host = new RecordingHost();
        await using var agent = TestPrograms.Demo(host, _folder);
        await agent.StartAsync(Token);
        var turn = agent.PromptAsync(new AgentPrompt("slow"), Token);
        await Eventually.TrueAsync(() => host.Streams.Any(stream => stream.Text.Contains("This is line 2.", StringComparison.Ordinal)), "it streams", Token);

        await agent.AbortAsync(Token);

        Assert.Equal(TurnEnd.Aborted, (await turn).End);
        Assert.Contains("This is line 2.", host.All<TextSettled>().Last().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("line fifty", host.All<TextSettled>().Last().Text, StringComparison.Ordinal);
        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("still there?"), Token)).End);
    }

    [Fact]
    public async Task A_stop_right_after_the_prompt_is_not_lost()
    {
        var host = new RecordingHost();
        await using var agent = TestPrograms.Demo(host, _folder);
        await agent.StartAsync(Token);

        var turn = agent.PromptAsync(new AgentPrompt("slow"), Token);
        await agent.AbortAsync(Token);

        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn);
        Assert.Empty(host.All<Noted>());
    }

    [Fact]
    public async Task Stop_withdraws_an_open_question()
    {
        var asked = new TaskCompletionSource();
        var host = new RecordingHost(async (_, withdrawn) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, withdrawn);
            throw new InvalidOperationException("An infinite wait has ended.");
        });
        await using var agent = TestPrograms.Demo(host, _folder);
        await agent.StartAsync(Token);
        var turn = agent.PromptAsync(new AgentPrompt("run"), Token);
        await asked.Task.WaitAsync(Token);

        await agent.AbortAsync(Token);

        Assert.Equal(TurnEnd.Aborted, (await turn).End);
        Assert.True(Assert.Single(host.All<ToolReturned>()).IsError);
        Assert.Contains("ask withdrawn", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fail_shows_a_failed_tool_and_a_failed_turn()
    {
        var host = new RecordingHost();
        await using var agent = TestPrograms.Demo(host, _folder);
        await agent.StartAsync(Token);

        var turn = await agent.PromptAsync(new AgentPrompt("fail"), Token);

        Assert.Equal(new TurnResult(TurnEnd.Failed, "The demo agent failed, as it was asked to."), turn);
        Assert.True(Assert.Single(host.All<ToolReturned>()).IsError);
    }

    [Fact]
    public async Task A_conversation_is_reopened_by_its_id_and_an_unknown_one_is_not_found()
    {
        string id;
        await using (var agent = TestPrograms.Demo(new RecordingHost(), _folder))
        {
            id = (await agent.StartAsync(Token)).NativeSessionId!;
        }

        var host = new RecordingHost();
        await using (var agent = TestPrograms.Demo(host, _folder, resume: id))
        {
            Assert.Equal(id, (await agent.StartAsync(Token)).NativeSessionId);
            await agent.PromptAsync(new AgentPrompt("hello"), Token);
            Assert.StartsWith("You said", Assert.Single(host.All<TextSettled>()).Text, StringComparison.Ordinal);
        }

        await using var other = TestPrograms.Demo(host, _folder, resume: Guid.NewGuid().ToString());
        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<AgentException>(() => other.StartAsync(Token))).Code);
    }

    private async Task<RecordingHost> PlayAsync(string prompt, PermissionDecision decision, string? mode = null)
    {
        var host = new RecordingHost((_, _) => Task.FromResult(decision));
        await using var agent = TestPrograms.Demo(host, _folder, mode: mode);
        await agent.StartAsync(Token);
        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt(prompt), Token)).End);
        host.AssertNothingStreams();
        return host;
    }
}
