using System.Runtime.Versioning;
using Hapi.Agents.Claude;
using Hapi.Agents.Tests.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

/// <summary>The adapter and a program, with a pipe between them. The program is a shell script.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClaudeAgentTests : IAsyncDisposable
{
    private const string Prompt = "\"type\":\"user\"";
    private readonly FakeClaude _claude = new();
    private readonly RecordingHost _host = new();
    private ClaudeAgent? _agent;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        _claude.Dispose();
    }

    [Fact]
    public async Task A_program_is_greeted_and_given_its_environment_and_nothing_else()
    {
        var ready = await StartAsync(_claude.Greets().Start());
        Assert.Equal(("9.9.9", "default"), (ready.AgentVersion, ready.PermissionMode));
        Assert.Equal("compact", Assert.Single(ready.SlashCommands));
        Assert.Equal("Default", Assert.Single(ready.Models).Label);
        Assert.Contains("KEEP=me", _claude.Environment);
        Assert.DoesNotContain(_claude.Environment, line => line.StartsWith("HOME=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_turn_is_over_when_all_it_said_is_told()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Text, FakeClaude.Result).Start());
        Assert.Equal(TurnEnd.Completed, (await PromptAsync()).End);
        Assert.Equal("Hello.", Assert.Single(_host.Events.OfType<TextSettled>()).Text);
        Assert.Equal("s-1", Assert.Single(_host.Events.OfType<NativeSessionChanged>()).NativeSessionId);
        Assert.Single(_host.Events.OfType<TurnMeasured>());
        Assert.Empty(_host.Working);
    }

    [Fact]
    public async Task A_prompt_is_given_when_it_is_written()
    {
        await StartAsync(_claude.Greets().Start());
        var given = new TaskCompletionSource();
        var turn = _agent!.PromptAsync(new AgentPrompt("Hi", OnGiven: given.SetResult), Token);
        await given.Task.WaitAsync(Token);
        Assert.False(turn.IsCompleted);
    }

    [Fact]
    public async Task A_prompt_for_a_dead_program_is_not_given()
    {
        await StartAsync(_claude.Greets().Write("exit 0"));
        await _agent!.Completion;
        var result = await _agent.PromptAsync(new AgentPrompt("Hi", OnGiven: () => Assert.Fail("given to nobody")), Token);
        Assert.Equal(TurnEnd.AgentGone, result.End);
    }

    [Fact]
    public async Task What_the_program_prints_beside_the_protocol_is_passed_over()
    {
        await StartAsync(_claude.Says("(node:7) Warning: something is deprecated", "", "[1,2]", "\"text\"", "{broken").Greets()
            .Hears(Prompt).Says("{", FakeClaude.Init, "debugger listening", FakeClaude.Text, FakeClaude.Result).Start());
        Assert.Equal(TurnEnd.Completed, (await PromptAsync()).End);
        Assert.Single(_host.Events.OfType<TextSettled>());
    }

    [Fact]
    public async Task The_program_is_not_read_further_before_an_event_is_safe()
    {
        var safe = new TaskCompletionSource();
        _host.Gate = e => e is TextSettled ? safe.Task : Task.CompletedTask;
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Text, FakeClaude.Call, FakeClaude.Result).Start());
        var turn = PromptAsync();
        await _host.SeenAsync(e => e is TextSettled).WaitAsync(Token);
        // Nothing tells that something does not happen; what is already in the pipe would come well within this time.
        await Assert.ThrowsAsync<TimeoutException>(() => _host.SeenAsync(e => e is ToolCalled).WaitAsync(TimeSpan.FromMilliseconds(300), Token));
        Assert.False(turn.IsCompleted);
        safe.SetResult();
        Assert.Equal(TurnEnd.Completed, (await turn).End);
        Assert.Single(_host.Events.OfType<ToolCalled>());
    }

    [Fact]
    public async Task A_person_is_asked_about_a_call_that_was_told_before()
    {
        var toldBefore = false;
        _host.Decide = (ask, _) =>
        {
            toldBefore = _host.Events.OfType<ToolCalled>().Any(call => call.CallId == ask.Id);
            return Task.FromResult(new PermissionDecision(Verdict.Denied, "Not now"));
        };
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask).Hears("\"ask-1\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        var asked = Assert.Single(_host.Asks);
        Assert.Equal(("t1", "Bash", """{"command":"ls"}""", AskKind.Permission), (asked.Id, asked.Tool, asked.Arguments.ToString(), asked.Kind));
        Assert.True(toldBefore);
        Assert.Contains("""{"type":"control_response","response":{"subtype":"success","request_id":"ask-1","response":{"behavior":"deny","message":"Not now"}}}""", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_goes_on_while_a_person_thinks()
    {
        _host.Decide = async (_, token) =>
        {
            await _host.SeenAsync(e => e is TextSettled).WaitAsync(token);
            return new PermissionDecision(Verdict.Approved);
        };
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask, FakeClaude.Text).Hears("\"ask-1\"").Says(FakeClaude.Result).Start());
        Assert.Equal(TurnEnd.Completed, (await PromptAsync()).End);
    }

    [Fact]
    public async Task What_is_allowed_for_the_session_is_not_asked_again()
    {
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, AllowTools: ["Bash(ls)"]));
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask).Hears("\"ask-1\"")
            .Says(FakeClaude.Ask.Replace("ask-1", "ask-2", StringComparison.Ordinal)).Hears("\"ask-2\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        Assert.Single(_host.Asks);
    }

    [Fact]
    public async Task A_changed_input_shows_on_the_card()
    {
        _host.Decide = (_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, UpdatedInput: Contracts.RawJson.Parse("""{"command":"pwd"}""")));
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask).Hears("\"ask-1\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        Assert.Equal(["""{"command":"ls"}""", """{"command":"pwd"}"""], _host.Events.OfType<ToolCalled>().Select(call => call.Input.ToString()));
    }

    [Fact]
    public async Task A_plan_is_shown_as_the_model_wrote_it()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(
            FakeClaude.Init,
            """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"ExitPlanMode","input":{"plan":"1. Paint"}}]}}""",
            """{"type":"control_request","request_id":"ask-1","request":{"subtype":"can_use_tool","tool_name":"ExitPlanMode","input":{},"tool_use_id":"t1"}}""")
            .Hears("\"ask-1\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        var asked = Assert.Single(_host.Asks);
        Assert.Equal((AskKind.Plan, """{"plan":"1. Paint"}"""), (asked.Kind, asked.Arguments.ToString()));
        Assert.Contains("""{"behavior":"allow","updatedInput":{}}""", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_nobody_can_answer_is_refused_at_once()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, """{"type":"control_request","request_id":"x-1","request":{"subtype":"mcp_message"}}""")
            .Hears("\"x-1\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        Assert.Contains("""{"subtype":"error","request_id":"x-1","error":"Not supported: mcp_message"}""", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abort_interrupts_and_a_withdrawn_question_is_closed()
    {
        var closed = new TaskCompletionSource();
        _host.Decide = async (_, token) =>
        {
            token.Register(closed.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException("unreachable");
        };
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask).Hears("\"interrupt\"")
            .Says("""{"type":"control_cancel_request","request_id":"ask-1"}""", FakeClaude.Done, FakeClaude.AbortedResult).Start());
        var turn = PromptAsync();
        await _host.Asked.WaitAsync(Token);
        await _agent!.AbortAsync(Token);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(new TurnResult(TurnEnd.Aborted), await turn);
        Assert.DoesNotContain("\"request_id\":\"ask-1\"", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abort_that_overtakes_the_prompt_is_repeated()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says("""{"type":"command_lifecycle","command_uuid":"@uuid@","state":"queued"}""")
            .Hears("\"interrupt\"").Says(FakeClaude.Done, """{"type":"command_lifecycle","command_uuid":"@uuid@","state":"started"}""", FakeClaude.Init)
            .Hears("\"interrupt\"").Says(FakeClaude.Done, FakeClaude.AbortedResult).Start());
        var turn = PromptAsync();
        await Eventually.TrueAsync(() => _claude.Heard.Contains(Prompt, StringComparison.Ordinal), "the prompt is heard", Token);
        await _agent!.AbortAsync(Token);
        Assert.Equal(TurnEnd.Aborted, (await turn).End);
    }

    [Fact]
    public async Task A_program_that_goes_on_when_it_is_told_to_stop_is_ended()
    {
        var clock = new ManualClock();
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init).Does("trap '' TERM").Start(), clock);
        var turn = _agent!.PromptAsync(new AgentPrompt("Hi"), Token);
        await _host.SeenAsync(e => e is NativeSessionChanged).WaitAsync(Token);
        var abort = _agent.AbortAsync(Token);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return turn.IsCompleted;
            },
            "the turn has ended", Token);
        await abort;
        Assert.Equal(TurnEnd.AgentGone, (await turn).End);
        Assert.Contains("told to stop", (await turn).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_person_cannot_be_asked_the_answer_is_no()
    {
        _host.Decide = (_, _) => throw new InvalidOperationException("the session is ending");
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call, FakeClaude.Ask).Hears("\"ask-1\"").Says(FakeClaude.Result).Start());
        await PromptAsync();
        Assert.Contains("""{"behavior":"deny","message":"The user could not be asked: the session is ending"}""", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_turn_an_abort_says_nothing()
    {
        await StartAsync(_claude.Greets().Start());
        await _agent!.AbortAsync(Token);
        await _agent.StopAsync();
        Assert.DoesNotContain("interrupt", _claude.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_of_a_background_task_is_work_nobody_asked_for()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(
            FakeClaude.Init, FakeClaude.Result, FakeClaude.Init, FakeClaude.Text,
            FakeClaude.Result.Replace("\"type\":\"result\"", "\"type\":\"result\",\"origin\":{\"kind\":\"task-notification\"}", StringComparison.Ordinal)).Start());
        await PromptAsync();
        await Eventually.TrueAsync(() => _host.Working.Count == 2, "it has worked and stopped", Token);
        Assert.Equal([true, false], _host.Working);
    }

    [Fact]
    public async Task A_program_that_dies_in_mid_turn_says_how()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Call).Does("echo 'out of memory' >&2").Write("exit 9"));
        var result = await PromptAsync();
        Assert.Equal(new TurnResult(TurnEnd.AgentGone, "Claude Code ended in the middle of the turn (exit code 9): out of memory"), result);
        var exit = await _agent!.Completion;
        Assert.Equal(new AgentExit(9, "Claude Code ended by itself (exit code 9): out of memory"), exit);
        Assert.True(Assert.Single(_host.Events.OfType<ToolReturned>()).IsError);
        Assert.Equal(TurnEnd.AgentGone, (await PromptAsync()).End);
        Assert.NotNull((await _agent.ConfigureAsync(new AgentConfig("plan"), Token)).Refusal);
    }

    [Fact]
    public async Task A_program_that_dies_in_mid_turn_is_noticed_though_its_child_holds_the_pipe()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init).Does("sleep 600 &").Write("exit 3"));
        Assert.Equal(TurnEnd.AgentGone, (await PromptAsync()).End);
    }

    [Fact]
    public async Task A_session_that_cannot_take_an_event_ends_the_program()
    {
        _host.Gate = e => e is TextSettled ? Task.FromException(new IOException("disk full")) : Task.CompletedTask;
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init, FakeClaude.Text).Start());
        var result = await PromptAsync();
        Assert.Equal(TurnEnd.AgentGone, result.End);
        Assert.Contains("disk full", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_was_asked_to_end_leaves_no_message()
    {
        await StartAsync(_claude.Greets().Start());
        Assert.Equal(new AgentExit(0, null), await _agent!.StopAsync());
        Assert.Equal(new AgentExit(0, null), await _agent.StopAsync());
    }

    [Fact]
    public async Task A_running_turn_is_interrupted_before_the_program_is_stopped()
    {
        await StartAsync(_claude.Greets().Hears(Prompt).Says(FakeClaude.Init).Hears("\"interrupt\"").Says(FakeClaude.Done, FakeClaude.AbortedResult).Start());
        var turn = PromptAsync();
        await _host.SeenAsync(e => e is NativeSessionChanged).WaitAsync(Token);
        await _agent!.StopAsync();
        Assert.Equal(TurnEnd.Aborted, (await turn).End);
    }

    [Fact]
    public async Task An_unknown_conversation_is_told_from_other_failures()
    {
        var start = _claude.Does("echo 'No conversation found with session ID: x' >&2").Write("exit 1") with { NativeSessionId = "x" };
        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<AgentException>(() => StartAsync(start))).Code);
        Assert.Contains("--resume x", _claude.Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_refuses_to_start_is_quoted()
    {
        var refused = await Assert.ThrowsAsync<AgentException>(() => StartAsync(_claude.Does("echo 'unknown option --x' >&2").Write("exit 1")));
        Assert.Equal(("agent_exited", "Claude Code ended as soon as it was started (exit code 1): unknown option --x"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_not_a_missing_program() =>
        Assert.Contains("/no/such/folder", (await Assert.ThrowsAsync<AgentException>(() => StartAsync(_claude.Start() with { Directory = "/no/such/folder" }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Settings_change_while_it_works_and_the_echo_is_no_news()
    {
        await StartAsync(_claude.Greets().Hears("set_permission_mode")
            .Says("""{"type":"system","subtype":"status","permissionMode":"plan"}""", FakeClaude.Done)
            .Hears("set_model").Says(FakeClaude.Done)
            .Hears("apply_flag_settings").Says(FakeClaude.Done)
            .Hears("get_settings").Says("""{"type":"control_response","response":{"subtype":"success","request_id":"@id@","response":{"applied":{"effort":"high"}}}}""").Start());
        Assert.Equal(new ConfigResult("plan", "opus", "high"), await _agent!.ConfigureAsync(new AgentConfig("plan", "opus", Effort: "high"), Token));
        Assert.Empty(_host.Events);
    }

    [Fact]
    public async Task When_one_setting_is_refused_the_others_go_back()
    {
        await StartAsync(_claude.Greets().Hears("\"plan\"").Says(FakeClaude.Done)
            .Hears("set_model").Says("""{"type":"control_response","response":{"subtype":"error","request_id":"@id@","error":"No such model"}}""")
            .Hears("\"mode\":\"default\"").Says(FakeClaude.Done).Start());
        Assert.Equal(new ConfigResult("default", null, null, "No such model"), await _agent!.ConfigureAsync(new AgentConfig("plan", "nonsense"), Token));
    }

    [Fact]
    public async Task An_effort_the_model_does_not_know_is_a_refusal()
    {
        await StartAsync(_claude.Greets().Hears("\"effortLevel\":\"huge\"").Says(FakeClaude.Done)
            .Hears("get_settings").Says("""{"type":"control_response","response":{"subtype":"success","request_id":"@id@","response":{"applied":{"effort":"medium"}}}}""")
            .Hears("\"effortLevel\":null").Says(FakeClaude.Done).Start());
        var result = await _agent!.ConfigureAsync(new AgentConfig(Effort: "huge"), Token);
        Assert.Null(result.Effort);
        Assert.Contains("huge", result.Refusal, StringComparison.Ordinal);
    }

    private async Task<AgentReady> StartAsync(AgentStart start, TimeProvider? time = null)
    {
        _agent = new ClaudeAgent(start, _host, time ?? TimeProvider.System);
        return await _agent.StartAsync(Token);
    }

    private Task<TurnResult> PromptAsync() => _agent!.PromptAsync(new AgentPrompt("Hi"), Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
}
