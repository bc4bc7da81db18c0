using Hapi.Agents.Claude;
using Hapi.Contracts;

namespace Hapi.Agents.Tests.Claude;

/// <summary>The real Claude Code against a model that plays a scenario.</summary>
public sealed class RealClaudeTests
{
    private const string Scenario = """
        {
          "rules": [
            { "match": "HELLO", "steps": [{ "thinking": "The person greets.", "text": "Good day to you." }] },
            { "match": "SHELL", "steps": [
              { "text": "I will run it.", "tool": { "kind": "shell", "command": "echo ran > proof.txt && cat proof.txt", "description": "prove it" } },
              { "text": "It said: {{lastToolResult}}" }] },
            { "match": "PARALLEL", "steps": [
              { "tools": [{ "kind": "shell", "command": "touch one" }, { "kind": "shell", "command": "touch two" }] }, { "text": "Both." }] },
            { "match": "WRITE", "steps": [
              { "tool": { "kind": "write", "path": "{{arg:file}}", "content": "written\n" } }, { "text": "Written." }] },
            { "match": "QUESTION", "steps": [
              { "tool": { "name": "AskUserQuestion", "input": { "questions": [{ "question": "Which colour?", "header": "Colour", "multiSelect": false,
                "options": [{ "label": "Red", "description": "warm" }, { "label": "Blue", "description": "cool" }] }] } } },
              { "text": "Heard: {{lastToolResult}}" }] },
            { "match": "PLAN", "steps": [
              { "tool": { "name": "ExitPlanMode", "input": { "plan": "1. Paint the shed" } } }, { "text": "After the plan: {{lastToolResult}}" }] },
            { "match": "SLOW", "steps": [{ "text": "It begins {{gate:middle}}and it ends." }] },
            { "match": "LOOP", "steps": [
              { "tool": { "kind": "shell", "command": "touch begun; while :; do sleep 1; done" } }, { "text": "Never said." }] },
            { "match": "SUBAGENT", "steps": [
              { "tool": { "name": "Task", "input": { "description": "greet", "prompt": "Please HELLO", "subagent_type": "general-purpose" } } },
              { "text": "The helper is at work." }] },
            { "match": "OVERLOADED", "steps": [
              { "times": 1, "error": { "status": 529, "type": "overloaded_error", "message": "too many" }, "then": { "text": "Recovered." } }] },
            { "match": "REFUSED", "steps": [{ "error": { "status": 400, "type": "invalid_request_error", "message": "bad request" } }] },
            { "match": "MODEL", "steps": [{ "text": "I am {{model}}." }] }
          ]
        }
        """;

    private readonly RecordingHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_streams_thoughts_and_text_and_settles_them_under_the_same_id()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, ready) = await claude.StartAsync(_host);
        Assert.Null(ready.NativeSessionId);
        Assert.Contains("compact", ready.SlashCommands);
        Assert.Contains(ready.Models, model => model.Id == "sonnet");

        Assert.Equal(new TurnResult(TurnEnd.Completed), await PromptAsync(agent, "HELLO"));

        var text = Assert.Single(_host.Events.OfType<TextSettled>());
        var thought = Assert.Single(_host.Events.OfType<ReasoningSettled>());
        Assert.Equal(("Good day to you.", "The person greets."), (text.Text, thought.Text));
        Assert.Equal(text.Text, _host.Streams.Last(stream => stream.Id == text.Id).Text);
        Assert.Equal(thought.Text, _host.Streams.Last(stream => stream.Id == thought.Id).Text);
        Assert.Single(_host.Events.OfType<NativeSessionChanged>());
        var usage = Assert.Single(_host.Events.OfType<UsageCounted>());
        Assert.Equal(1000, usage.InputTokens);
        Assert.True(usage.ContextWindow > usage.ContextTokens, $"{usage}");
        Assert.Single(_host.Events.OfType<TurnMeasured>());
    }

    [Fact]
    public async Task An_allowed_command_runs()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "SHELL")).End);
        var call = Assert.Single(_host.Events.OfType<ToolCalled>());
        var ask = Assert.Single(_host.Asks);
        Assert.Equal(("Bash", call.CallId, AskKind.Permission), (ask.Tool, ask.Id, ask.Kind));
        Assert.Equal("\"ran\"", Assert.Single(_host.Events.OfType<ToolReturned>()).Output.ToString());
        Assert.True(File.Exists(Path.Combine(claude.Folder, "proof.txt")));
        Assert.Equal("It said: ran", _host.Events.OfType<TextSettled>().Last().Text);
    }

    [Fact]
    public async Task A_denied_command_does_not_run_and_the_model_hears_why()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Denied, "Not on a Friday"));
        var (agent, _) = await claude.StartAsync(_host);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "SHELL")).End);
        Assert.False(File.Exists(Path.Combine(claude.Folder, "proof.txt")));
        Assert.Equal("It said: Not on a Friday", _host.Events.OfType<TextSettled>().Last().Text);
    }

    [Fact]
    public async Task Denied_with_a_stop_the_turn_is_aborted_and_the_next_one_runs()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Abort));
        var (agent, _) = await claude.StartAsync(_host);
        Assert.Equal(TurnEnd.Aborted, (await PromptAsync(agent, "SHELL")).End);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "HELLO")).End);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bash(echo ran > proof.txt && cat proof.txt)")]
    public async Task A_command_allowed_for_the_session_is_not_asked_about_again(string? named)
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(named is null ? new PermissionDecision(Verdict.ApprovedForSession) : new PermissionDecision(Verdict.Approved, AllowTools: [named]));
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, "SHELL");
        await PromptAsync(agent, "SHELL again");
        Assert.Single(_host.Asks);
        Assert.Equal(2, _host.Events.OfType<ToolReturned>().Count(result => !result.IsError));
        Assert.False(Directory.Exists(Path.Combine(claude.Folder, ".claude")), "nothing is written into the project's settings");
    }

    [Fact]
    public async Task Allowing_all_edits_changes_the_mode()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, Mode: "acceptEdits"));
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, $"WRITE file={Path.Combine(claude.Folder, "a.txt")}");
        await PromptAsync(agent, $"WRITE file={Path.Combine(claude.Folder, "b.txt")}");
        Assert.Single(_host.Asks);
        Assert.Equal("acceptEdits", Assert.Single(_host.Events.OfType<ConfigChanged>()).PermissionMode);
        Assert.True(File.Exists(Path.Combine(claude.Folder, "b.txt")));
    }

    [Fact]
    public async Task What_a_person_changed_is_what_runs()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, UpdatedInput: RawJson.Parse("""{"command":"echo changed > proof.txt && cat proof.txt"}""")));
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, "SHELL");
        Assert.Equal("changed\n", await File.ReadAllTextAsync(Path.Combine(claude.Folder, "proof.txt"), Token));
    }

    [Fact]
    public async Task Parallel_calls_each_have_their_result()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, "PARALLEL");
        Assert.Equal(_host.Events.OfType<ToolCalled>().Select(call => call.CallId).Order(), _host.Events.OfType<ToolReturned>().Select(result => result.CallId).Order());
        Assert.Equal(2, _host.Events.OfType<ToolReturned>().Count());
    }

    [Fact]
    public async Task A_question_gets_the_answer_a_person_chose()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, Answers: RawJson.Parse("""{"0":["Blue"]}""")));
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, "QUESTION");
        Assert.Equal(AskKind.Question, Assert.Single(_host.Asks).Kind);
        Assert.Contains("\"Which colour?\"=\"Blue\"", _host.Events.OfType<TextSettled>().Last().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "default")]
    [InlineData("acceptEdits", "acceptEdits")]
    public async Task A_plan_is_approved_and_work_goes_on_in_the_chosen_mode(string? chosen, string then)
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, Mode: chosen));
        var (agent, ready) = await claude.StartAsync(_host, start => start with { PermissionMode = "plan" });
        Assert.Equal("plan", ready.PermissionMode);
        await PromptAsync(agent, "PLAN");
        var ask = Assert.Single(_host.Asks);
        Assert.Equal(AskKind.Plan, ask.Kind);
        Assert.Contains("Paint the shed", ask.Arguments.ToString(), StringComparison.Ordinal);
        Assert.Equal(then, Assert.Single(_host.Events.OfType<ConfigChanged>()).PermissionMode);
    }

    [Fact]
    public async Task A_rejected_plan_stays_a_plan()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Denied, "Which brush?"));
        var (agent, _) = await claude.StartAsync(_host, start => start with { PermissionMode = "plan" });
        await PromptAsync(agent, "PLAN");
        Assert.Empty(_host.Events.OfType<ConfigChanged>());
        Assert.Equal("After the plan: Which brush?", _host.Events.OfType<TextSettled>().Last().Text);
    }

    [Fact]
    public async Task A_turn_is_aborted_in_mid_stream_and_keeps_what_was_said()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        var turn = PromptAsync(agent, "SLOW");
        await claude.Model.ReachedAsync("middle", Token);
        await TestKit.Eventually.TrueAsync(() => !_host.Streams.IsEmpty, "it streams", Token);
        await agent.AbortAsync(Token);
        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn);
        Assert.StartsWith("It beg", Assert.Single(_host.Events.OfType<TextSettled>()).Text, StringComparison.Ordinal);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "HELLO")).End);
    }

    [Fact]
    public async Task A_turn_is_aborted_before_it_has_begun()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        var given = new TaskCompletionSource();
        var turn = agent.PromptAsync(new AgentPrompt("SLOW", OnGiven: given.SetResult), Token);
        await given.Task.WaitAsync(Token);
        await agent.AbortAsync(Token);
        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "HELLO")).End);
    }

    [Fact]
    public async Task A_turn_is_aborted_while_a_command_runs()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        var turn = PromptAsync(agent, "LOOP");
        await TestKit.Eventually.TrueAsync(() => File.Exists(Path.Combine(claude.Folder, "begun")), "the command runs", Token);
        await agent.AbortAsync(Token);
        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn);
        Assert.True(Assert.Single(_host.Events.OfType<ToolReturned>()).IsError);
    }

    [Fact]
    public async Task A_turn_is_aborted_while_a_person_is_asked_and_the_question_is_withdrawn()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var withdrawn = new TaskCompletionSource();
        _host.Decide = async (_, token) =>
        {
            token.Register(withdrawn.SetResult);
            await withdrawn.Task;
            throw new OperationCanceledException(token);
        };
        var (agent, _) = await claude.StartAsync(_host);
        var turn = PromptAsync(agent, "SHELL");
        await _host.Asked.WaitAsync(Token);
        await agent.AbortAsync(Token);
        await withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn);
        Assert.False(File.Exists(Path.Combine(claude.Folder, "proof.txt")));
    }

    [Fact]
    public async Task A_conversation_is_resumed_or_forked_and_an_unknown_one_is_told()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (first, _) = await claude.StartAsync(_host);
        await PromptAsync(first, "HELLO");
        var id = Assert.Single(_host.Events.OfType<NativeSessionChanged>()).NativeSessionId;
        Assert.Equal(new AgentExit(0, null), await first.StopAsync());

        var resumed = new RecordingHost();
        var (second, ready) = await claude.StartAsync(resumed, start => start with { NativeSessionId = id });
        Assert.Equal(id, ready.NativeSessionId);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(second, "HELLO again")).End);
        Assert.Empty(resumed.Events.OfType<NativeSessionChanged>());

        var forked = new RecordingHost();
        var (third, _) = await claude.StartAsync(forked, start => start with { NativeSessionId = id, Fork = true });
        await PromptAsync(third, "HELLO once more");
        Assert.NotEqual(id, Assert.Single(forked.Events.OfType<NativeSessionChanged>()).NativeSessionId);

        var unknown = await Assert.ThrowsAsync<AgentException>(() => claude.StartAsync(new(), start => start with { NativeSessionId = Guid.NewGuid().ToString() }));
        Assert.Equal("conversation_not_found", unknown.Code);
    }

    [Fact]
    public async Task Clearing_the_context_begins_a_conversation_with_another_id()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        await PromptAsync(agent, "HELLO");
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "/clear")).End);
        Assert.Equal(2, _host.Events.OfType<NativeSessionChanged>().Select(changed => changed.NativeSessionId).Distinct().Count());
        Assert.Contains(_host.Events, e => e is Noted { Message: "Context was reset" });
    }

    [Fact]
    public async Task Mode_model_and_effort_change_between_turns()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        Assert.Equal(new ConfigResult("acceptEdits", "sonnet", "high"), await agent.ConfigureAsync(new AgentConfig("acceptEdits", "sonnet", Effort: "high"), Token));
        await PromptAsync(agent, "MODEL");
        Assert.StartsWith("I am claude-sonnet", _host.Events.OfType<TextSettled>().Last().Text, StringComparison.Ordinal);
        Assert.Empty(_host.Events.OfType<ConfigChanged>());
        Assert.Equal(new ConfigResult("acceptEdits", null, null), await agent.ConfigureAsync(new AgentConfig(ClearModel: true, ClearEffort: true), Token));

        var refused = await agent.ConfigureAsync(new AgentConfig("nonsense", Effort: "low"), Token);
        Assert.Equal(("acceptEdits", null), (refused.PermissionMode, refused.Effort));
        Assert.Contains("permission mode", refused.Refusal, StringComparison.Ordinal);

        // A model from before there were efforts: neither is changed.
        var old = await agent.ConfigureAsync(new AgentConfig(Model: "claude-sonnet-4-5", Effort: "high"), Token);
        Assert.Equal(("acceptEdits", null, null), (old.PermissionMode, old.Model, old.Effort));
        Assert.Contains("\"high\"", old.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_sandbox_nothing_needs_to_be_asked()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        claude.Environment["IS_SANDBOX"] = "1";
        var (agent, ready) = await claude.StartAsync(_host);
        Assert.Contains(ready.Modes, mode => mode.Id == "bypassPermissions");
        Assert.Null((await agent.ConfigureAsync(new AgentConfig("bypassPermissions"), Token)).Refusal);
        await PromptAsync(agent, "SHELL");
        Assert.Empty(_host.Asks);
        Assert.True(File.Exists(Path.Combine(claude.Folder, "proof.txt")));
    }

    [Fact]
    public async Task A_sub_agent_has_a_card_and_reports_back_in_a_turn_nobody_asked_for()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "SUBAGENT")).End);
        await _host.SeenAsync(e => e is RunUpdated { Status: "completed" }).WaitAsync(TimeSpan.FromSeconds(30), Token);
        var card = Assert.Single(_host.Events.OfType<RunStarted>());
        Assert.Equal(Assert.Single(_host.Events.OfType<ToolCalled>()).CallId, card.CardId);
        Assert.Equal("Good day to you.", Assert.Single(_host.Events.OfType<TextSettled>(), text => text.Run == card.CardId).Text);
        await TestKit.Eventually.TrueAsync(() => _host.Working.Count >= 2, "it has worked and stopped", Token);
        Assert.Equal([true, false], _host.Working);
    }

    [Fact]
    public async Task Errors_of_the_model_service_are_told_and_the_session_goes_on()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var (agent, _) = await claude.StartAsync(_host);
        var failed = await PromptAsync(agent, "REFUSED");
        Assert.Equal(TurnEnd.Failed, failed.End);
        Assert.Contains("bad request", failed.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Events.OfType<TextSettled>());

        Assert.Equal(TurnEnd.Completed, (await PromptAsync(agent, "OVERLOADED")).End);
        Assert.Equal(1, Assert.Single(_host.Events.OfType<RetryAnnounced>()).Attempt);
    }

    [Fact]
    public async Task Without_a_key_the_turn_says_how_to_sign_in()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        claude.Environment["ANTHROPIC_API_KEY"] = "";
        var (agent, _) = await claude.StartAsync(_host);
        var failed = await PromptAsync(agent, "HELLO");
        Assert.Equal(TurnEnd.Failed, failed.End);
        Assert.Contains("sign in with /login", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_reaches_the_model()
    {
        await using var claude = await RealClaude.WithAsync(Scenario);
        var path = Path.Combine(claude.Folder, "dot.png");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), Token);
        var (agent, _) = await claude.StartAsync(_host);
        var result = await agent.PromptAsync(new AgentPrompt("HELLO", [new PromptAttachment(path, "dot.png", "image/png", 70)]), Token);
        Assert.Equal(new TurnResult(TurnEnd.Completed), result);
    }

    private static Task<TurnResult> PromptAsync(ClaudeAgent agent, string text) => agent.PromptAsync(new AgentPrompt(text), Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
}
