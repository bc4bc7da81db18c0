using Hapi.Agents.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>How conversations are opened and reopened.</summary>
public sealed class AcpOpeningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_and_terminals_are_not_offered_and_servers_are_always_named()
    {
        await using var scripted = new ScriptedAgent();
        _ = scripted.Agent.StartAsync(Token);

        var greeting = await scripted.Program.HearAsync("initialize");
        var offered = greeting.GetProperty("params").GetProperty("clientCapabilities");
        Assert.Equal("""{"readTextFile":false,"writeTextFile":false}""", offered.GetProperty("fs").GetRawText());
        Assert.False(offered.GetProperty("terminal").GetBoolean());
        scripted.Program.Answer(greeting, """{"protocolVersion":1}""");
        Assert.Equal("""{"cwd":"/home/dev/proj","mcpServers":[]}""", (await scripted.Program.HearAsync("session/new")).GetProperty("params").GetRawText());
    }

    [Fact]
    public async Task History_that_comes_by_while_a_conversation_is_loaded_is_not_told_again()
    {
        await using var scripted = new ScriptedAgent(start: Resuming());
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}""");
        var load = await scripted.Program.HearAsync("session/load");
        scripted.Program.Update("""{"sessionUpdate":"user_message_chunk","content":{"type":"text","text":"old question"}}""", "old");
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"old answer"}}""", "old");
        scripted.Program.Answer(load, "{}");
        Assert.Equal("old", (await starting).NativeSessionId);

        // Gemini goes on with it after it has answered.
        scripted.Program.Update("""{"sessionUpdate":"tool_call","toolCallId":"c0","title":"Old","status":"completed"}""", "old");
        scripted.Program.Update("""{"sessionUpdate":"plan","entries":[{"content":"old plan"}]}""", "old");
        await scripted.HeardAsync();
        var turn = scripted.Agent.PromptAsync(new AgentPrompt("new question"), Token);
        scripted.Program.Update("""{"sessionUpdate":"agent_thought_chunk","content":{"type":"text","text":"old thought"}}""", "old");
        await scripted.HeardAsync();
        Assert.False(scripted.Program.TryHear(out _));

        await Eventually.TrueAsync(() => scripted.Clock.FireWithin(TimeSpan.FromMilliseconds(250)) && scripted.Agent.Completion.IsCompleted is false, "history is let pass", Token);
        var prompt = await scripted.Program.HearAsync("session/prompt");
        scripted.Program.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"new answer"}}""", "old");
        await scripted.EndAsync(turn, prompt);

        Assert.Equal("new answer", Assert.IsType<TextSettled>(Assert.Single(scripted.Host.Events)).Text);
    }

    [Fact]
    public async Task Resuming_without_replay_is_preferred_and_loading_is_the_other_way()
    {
        await using var scripted = new ScriptedAgent(start: Resuming());
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1,"agentCapabilities":{"loadSession":true,"sessionCapabilities":{"resume":{}}}}""");

        scripted.Program.Refuse(await scripted.Program.HearAsync("session/resume"), """{"code":-32601,"message":"no"}""");
        scripted.Program.Answer(await scripted.Program.HearAsync("session/load"), "null");

        Assert.Equal("old", (await starting).NativeSessionId);
    }

    [Theory]
    [InlineData(-32002)]
    [InlineData(-32602)]
    [InlineData(-32603)]
    public async Task An_unknown_conversation_is_not_found_whatever_the_code(int code)
    {
        await using var scripted = new ScriptedAgent(start: Resuming());
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}""");
        scripted.Program.Refuse(await scripted.Program.HearAsync("session/load"), $$"""{"code":{{code}},"message":"No previous sessions found"}""");

        var ex = await Assert.ThrowsAsync<AgentException>(() => starting);
        Assert.Equal("conversation_not_found", ex.Code);
        Assert.Contains("No previous sessions found", ex.Message, StringComparison.Ordinal);
        await scripted.Agent.Completion;
    }

    [Fact]
    public async Task An_agent_that_cannot_reopen_says_so_at_once()
    {
        await using var scripted = new ScriptedAgent(start: Resuming());
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1}""");

        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<AgentException>(() => starting)).Code);
    }

    [Fact]
    public async Task A_branch_has_an_id_of_its_own()
    {
        await using var scripted = new ScriptedAgent(start: Resuming() with { Fork = true });
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1,"agentCapabilities":{"sessionCapabilities":{"fork":{}}}}""");
        scripted.Program.Answer(await scripted.Program.HearAsync("session/fork"), """{"sessionId":"branch"}""");

        Assert.Equal("branch", (await starting).NativeSessionId);
    }

    [Fact]
    public async Task Without_credentials_the_agents_own_words_are_told_and_what_it_offers()
    {
        await using var scripted = new ScriptedAgent();
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":1,"agentInfo":{"title":"Some Agent"},"authMethods":[{"id":"a","name":"Log in","description":"Run `some login`"}]}""");
        scripted.Program.Refuse(await scripted.Program.HearAsync("session/new"), """{"code":-32000,"message":"No key."}""");

        var ex = await Assert.ThrowsAsync<AgentException>(() => starting);
        Assert.Equal(("agent_not_signed_in", "Some Agent is not signed in: No key. It offers: Run `some login`."), (ex.Code, ex.Message));
    }

    [Fact]
    public async Task A_program_that_says_nothing_is_waited_for_two_minutes()
    {
        await using var scripted = new ScriptedAgent();
        var starting = scripted.Agent.StartAsync(Token);
        await scripted.Program.HearAsync("initialize");
        scripted.Program.Say("usage: agent [options]");
        await scripted.HeardAsync();
        scripted.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(starting.IsCompleted);
        scripted.Clock.Advance(TimeSpan.FromSeconds(1));

        var ex = await Assert.ThrowsAsync<AgentException>(() => starting);
        Assert.Equal("agent_timeout", ex.Code);
        Assert.Contains("--acp", ex.Message, StringComparison.Ordinal);
        Assert.Contains("usage: agent [options]", ex.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused()
    {
        await using var scripted = new ScriptedAgent();
        var starting = scripted.Agent.StartAsync(Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("initialize"), """{"protocolVersion":2}""");

        Assert.Equal("agent_protocol", (await Assert.ThrowsAsync<AgentException>(() => starting)).Code);
    }

    [Fact]
    public async Task The_wishes_of_the_start_are_applied_and_what_the_agent_cannot_is_told()
    {
        await using var scripted = new ScriptedAgent(start: new AgentStart("acp", "/home/dev/proj", new Dictionary<string, string>(), PermissionMode: "Plan", Model: "big", Command: ["agent"]));
        var starting = scripted.Agent.StartAsync(Token);
        await scripted.Program.OpenAsync(opened: """{"sessionId":"s1","modes":{"currentModeId":"x#ask","availableModes":[{"id":"https://x#ask","name":"Ask"},{"id":"https://x#plan","name":"Plan"}]}}""");

        var change = await scripted.Program.HearAsync("session/set_mode");
        Assert.Equal("https://x#plan", change.GetProperty("params").Text("modeId"));
        scripted.Program.Answer(change, "{}");
        scripted.Program.Refuse(await scripted.Program.HearAsync("session/set_model"), """{"code":-32601,"message":"no"}""");

        var ready = await starting;
        Assert.Equal("plan", ready.PermissionMode);
        Assert.Equal(["ask", "plan"], ready.Modes.Select(mode => mode.Id));
        Assert.Contains("cannot change its model", Assert.Single(scripted.Host.All<Noted>()).Message, StringComparison.Ordinal);
    }

    private static AgentStart Resuming() => new("acp", "/home/dev/proj", new Dictionary<string, string>(), NativeSessionId: "old", Command: ["agent"]);
}
