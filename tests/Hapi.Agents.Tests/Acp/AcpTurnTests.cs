using Hapi.Agents.Acp;
using Hapi.Contracts.Link;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>How turns run, stop and end.</summary>
public sealed class AcpTurnTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_prompt_waits_for_the_first()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (first, prompt) = await scripted.PromptAsync("one");
        var second = scripted.Agent.PromptAsync(new AgentPrompt("two"), Token);
        await scripted.HeardAsync();
        Assert.False(scripted.Program.TryHear(out _));

        await scripted.EndAsync(first, prompt);

        Assert.Equal("two", (await scripted.Program.HearAsync("session/prompt")).GetProperty("params").GetProperty("prompt")[0].Text("text"));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task An_agent_that_never_confirms_a_stop_is_not_waited_for_for_ever()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, _) = await scripted.PromptAsync();
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"half a sent"}}""");
        await scripted.HeardAsync();

        await scripted.Agent.AbortAsync(Token);
        await scripted.Program.HearAsync("session/cancel");
        scripted.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(turn.IsCompleted);
        scripted.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new TurnResult(TurnEnd.Aborted), await scripted.PassAsync(turn));
        Assert.Equal("half a sent", Assert.Single(scripted.Host.All<TextSettled>()).Text);
        Assert.Contains("has not confirmed", Assert.Single(scripted.Host.All<Noted>()).Message, StringComparison.Ordinal);
        await scripted.PromptAsync("next");
    }

    [Fact]
    public async Task Stop_without_a_turn_does_nothing()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.Agent.AbortAsync(Token);
        await scripted.OpenAsync();
        await scripted.Agent.AbortAsync(Token);

        await scripted.PromptAsync();
    }

    [Theory]
    [InlineData("end_turn", TurnEnd.Completed, null, "without an answer")]
    [InlineData("cancelled", TurnEnd.Aborted, null, null)]
    [InlineData("refusal", TurnEnd.Failed, "The model refused to answer.", null)]
    [InlineData("max_tokens", TurnEnd.Completed, null, "limit")]
    [InlineData("max_turn_requests", TurnEnd.Completed, null, "limit of model requests")]
    [InlineData("because_of_the_moon", TurnEnd.Completed, null, "because_of_the_moon")]
    public async Task A_stop_reason_has_its_meaning(string reason, TurnEnd end, string? message, string? note)
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();

        Assert.Equal(new TurnResult(end, message), await scripted.EndAsync(turn, prompt, $$"""{"stopReason":"{{reason}}"}"""));
        Assert.Equal(note is null ? 0 : 1, scripted.Host.All<Noted>().Count(noted => noted.Message.Contains(note ?? "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"code":400,"message":"{\"error\":{\"code\":400,\"message\":\"too long\"}}"}""", "too long")]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"details":"400 too long"}}""", "400 too long")]
    [InlineData("""{"code":-32603,"message":"Internal error: too long","data":{"service":"session"}}""", "too long")]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"message":"{\"error\":{\"message\":\"too long\"}}"}}""", "too long")]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{}}""", "Internal error")]
    [InlineData("""{"code":-1,"message":""}""", "The agent answered with error -1.")]
    [InlineData("""{"code":-32602,"message":"Bad\n  thing","data":"the prompt"}""", "Bad thing: the prompt")]
    public async Task An_error_is_told_in_the_agents_own_words(string error, string message)
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();

        scripted.Program.Refuse(prompt, error);

        Assert.Equal(new TurnResult(TurnEnd.Failed, message), await scripted.PassAsync(turn));
    }

    [Fact]
    public async Task Words_after_the_answer_belong_to_the_turn()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();
        scripted.Program.Answer(prompt, """{"stopReason":"end_turn"}""");
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"by the way"}}""");

        await scripted.PassAsync(turn);

        Assert.Equal("by the way", Assert.Single(scripted.Host.All<TextSettled>()).Text);
    }

    [Fact]
    public async Task Words_long_after_the_turn_settle_when_they_stop()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();
        await scripted.EndAsync(turn, prompt);

        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"The build "}}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromMilliseconds(700));
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"is done."}}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromMilliseconds(700));
        Assert.Empty(scripted.Host.All<TextSettled>());
        scripted.Clock.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => scripted.Host.All<TextSettled>().SingleOrDefault()?.Text is "The build is done.", "it settles", Token);
    }

    [Fact]
    public async Task Work_without_a_prompt_is_told_unless_it_is_a_flicker()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        scripted.Program.Update("""{"sessionUpdate":"state_update","state":"running"}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromMilliseconds(700));
        scripted.Program.Update("""{"sessionUpdate":"state_update","state":"idle"}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(scripted.Host.WorkingChanges);

        scripted.Program.Update("""{"sessionUpdate":"state_update","state":"requires_action"}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromSeconds(1));
        scripted.Program.Update("""{"sessionUpdate":"state_update","state":"idle"}""");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.Zero);

        Assert.Equal([true, false], scripted.Host.WorkingChanges);
    }

    [Fact]
    public async Task A_growing_text_is_shown_at_a_bearable_pace_and_at_last_whole()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        await scripted.PromptAsync();
        for (var i = 0; i < 100; i++)
        {
            scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"x"}}""");
        }

        await scripted.HeardAsync();
        Assert.Equal("x", Assert.Single(scripted.Host.Streams).Text);
        scripted.Clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(new LiveStream(scripted.Host.Streams[0].Id, "text", new string('x', 100)), scripted.Host.Streams[^1]);
        Assert.Equal(2, scripted.Host.Streams.Count);
    }

    [Fact]
    public async Task The_agent_is_not_read_further_while_something_is_being_recorded()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        await scripted.PromptAsync();
        var disk = new TaskCompletionSource();
        scripted.Host.OnEmit = async _ => await disk.Task;
        scripted.Program.Update("""{"sessionUpdate":"plan","entries":[{"content":"one"}]}""");
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"two"}}""");
        await Task.Yield();
        Assert.False(scripted.Program.IsHeard);
        Assert.Empty(scripted.Host.Streams);

        disk.SetResult();

        await scripted.HeardAsync();
        Assert.Single(scripted.Host.Streams);
    }

    [Fact]
    public async Task An_agent_whose_words_cannot_be_recorded_is_stopped()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, _) = await scripted.PromptAsync();
        scripted.Host.OnEmit = e => e is PlanChanged ? throw new IOException("No space left on device") : default;

        scripted.Program.Update("""{"sessionUpdate":"plan","entries":[{"content":"one"}]}""");

        var result = await scripted.PassAsync(turn);
        Assert.Equal(TurnEnd.AgentGone, result.End);
        Assert.Contains("No space left on device", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_hangs_up_but_lives_on_is_gone()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, _) = await scripted.PromptAsync();

        scripted.Program.HangUp();
        await Eventually.TrueAsync(() => scripted.Clock.FireWithin(TimeSpan.FromSeconds(5)) || turn.IsCompleted, "it is given up", Token);

        Assert.Equal(TurnEnd.AgentGone, (await scripted.PassAsync(turn)).End);
    }

    [Fact]
    public async Task Images_go_as_images_where_the_agent_takes_them_and_as_paths_where_not()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["a.png"], [1, 2, 3], Token);
        var prompt = new AgentPrompt("look", [new(folder["a.png"], "a.png", "image/png", 3), new(folder["b.log"], "b.log", "text/plain", 9)]);

        foreach (var takes in (bool[])[true, false])
        {
            await using var scripted = new ScriptedAgent();
            await scripted.OpenAsync($$$$"""{"protocolVersion":1,"agentCapabilities":{"promptCapabilities":{"image":{{{{(takes ? "true" : "false")}}}}}}}""");
            _ = scripted.Agent.PromptAsync(prompt, Token);
            var blocks = (await scripted.Program.HearAsync("session/prompt")).GetProperty("params").GetProperty("prompt");

            if (takes)
            {
                Assert.Equal($"@{folder["b.log"]}\n\nlook", blocks[0].Text("text"));
                Assert.Equal(("image", "image/png", "AQID"), (blocks[1].Text("type"), blocks[1].Text("mimeType"), blocks[1].Text("data")));
            }
            else
            {
                Assert.Equal($"@{folder["a.png"]} @{folder["b.log"]}\n\nlook", blocks[0].Text("text"));
                Assert.Equal(1, blocks.GetArrayLength());
            }
        }
    }

    [Fact]
    public async Task Nonsense_in_updates_costs_nothing()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();
        foreach (var update in (string[])
            [
                "null", "[]", "\"x\"", "{}", """{"sessionUpdate":7}""", """{"sessionUpdate":"from_the_future","x":1}""", """{"sessionUpdate":"agent_message_chunk"}""",
                """{"sessionUpdate":"agent_message_chunk","content":"text"}""", """{"sessionUpdate":"tool_call"}""", """{"sessionUpdate":"tool_call","toolCallId":3}""",
                """{"sessionUpdate":"tool_call_update","toolCallId":"never-heard-of","status":"completed"}""", """{"sessionUpdate":"plan","entries":"none"}""",
                """{"sessionUpdate":"usage_update","used":"many","size":1e99}""", """{"sessionUpdate":"session_info_update","title":{}}""",
                """{"sessionUpdate":"config_option_update","configOptions":[1,{"category":"mode","options":[{"value":2},{"options":3}]}]}""", """{"sessionUpdate":"available_commands_update","availableCommands":[null,{"name":1}]}""",
            ])
        {
            scripted.Program.Update(update);
        }

        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"of another session"}}""", session: "s2");
        scripted.Program.Update($$"""{"sessionUpdate":"agent_message_chunk","content":{{new string('[', 200)}}{{new string(']', 200)}}}""");
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Still here."}}""");

        Assert.Equal(TurnEnd.Completed, (await scripted.EndAsync(turn, prompt)).End);
        Assert.Equal("Still here.", Assert.Single(scripted.Host.All<TextSettled>()).Text);
        Assert.Empty(scripted.Host.All<ToolCalled>());
    }
}
