using Hapi.Agents.Acp;

namespace Hapi.Agents.Tests.Acp;

/// <summary>Changing modes, models and effort.</summary>
public sealed class AcpSettingsTests
{
    private const string Options = """
        {"sessionId":"s1","modes":{"currentModeId":"ask","availableModes":[{"id":"ask","name":"Ask"},{"id":"yolo","name":"Yolo"}]},
         "configOptions":[
          {"id":"mode","category":"mode","currentValue":"ask","options":[{"value":"ask","name":"Ask"},{"value":"yolo","name":"Yolo"}]},
          {"id":"llm","category":"model","currentValue":"small","options":[{"group":"All","options":[{"value":"small","name":"Small"},{"value":"big","name":"Big"}]}]},
          {"id":"depth","category":"thought_level","currentValue":"low","options":[{"value":"low","name":"Low"},{"value":"high","name":"High"}]}]}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_are_set_by_their_ids_and_their_echo_is_no_news()
    {
        await using var scripted = new ScriptedAgent();
        var ready = await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));
        Assert.Equal(["small", "big"], ready.Models.Select(model => model.Id));

        var changing = scripted.Agent.ConfigureAsync(new AgentConfig(Model: "big", Effort: "high"), Token);
        var model = await scripted.Program.HearAsync("session/set_config_option");
        Assert.Equal("""{"sessionId":"s1","configId":"llm","value":"big"}""", model.GetProperty("params").GetRawText());
        scripted.Program.Update("""{"sessionUpdate":"config_option_update","configOptions":[{"id":"llm","category":"model","currentValue":"small"}]}""");
        scripted.Program.Answer(model, """{"configOptions":[{"id":"llm","category":"model","currentValue":"big"}]}""");
        var effort = await scripted.Program.HearAsync("session/set_config_option");
        Assert.Equal("depth", effort.GetProperty("params").Text("configId"));
        scripted.Program.Answer(effort, "{}");

        Assert.Equal(new ConfigResult("ask", "big", "high"), await changing);
        Assert.Empty(scripted.Host.All<ConfigChanged>());
    }

    [Fact]
    public async Task A_change_the_agent_makes_itself_is_told_once()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));

        scripted.Program.Update("""{"sessionUpdate":"current_mode_update","currentModeId":"yolo"}""");
        scripted.Program.Update("""{"sessionUpdate":"config_option_update","configOptions":[{"id":"mode","category":"mode","currentValue":"yolo"}]}""");
        scripted.Program.Update("""{"sessionUpdate":"available_commands_update","availableCommands":[{"name":"init"}]}""");
        scripted.Program.Update("""{"sessionUpdate":"available_commands_update","availableCommands":[{"name":"init"}]}""");
        await scripted.HeardAsync();

        Assert.Equal(new ConfigChanged("yolo", null, null), Assert.Single(scripted.Host.All<ConfigChanged>()));
        Assert.Single(scripted.Host.All<SlashCommandsChanged>());
    }

    [Fact]
    public async Task When_one_part_of_a_change_is_refused_nothing_of_it_stays()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));

        var changing = scripted.Agent.ConfigureAsync(new AgentConfig(PermissionMode: "yolo", Model: "big"), Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("session/set_mode"), "{}");
        scripted.Program.Refuse(await scripted.Program.HearAsync("session/set_config_option"), """{"code":-32602,"message":"Not in your plan"}""");
        var back = await scripted.Program.HearAsync("session/set_mode");
        Assert.Equal("ask", back.GetProperty("params").Text("modeId"));
        scripted.Program.Answer(back, "{}");

        var result = await changing;
        Assert.Equal(("ask", "small"), (result.PermissionMode, result.Model));
        Assert.Contains("Not in your plan", result.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_missing_gives_way_to_the_option()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));

        var changing = scripted.Agent.ConfigureAsync(new AgentConfig(PermissionMode: "yolo"), Token);
        scripted.Program.Refuse(await scripted.Program.HearAsync("session/set_mode"), """{"code":-32601,"message":"no"}""");
        scripted.Program.Answer(await scripted.Program.HearAsync("session/set_config_option"), "{}");

        Assert.Equal("yolo", (await changing).PermissionMode);
    }

    [Fact]
    public async Task Clearing_a_model_goes_back_to_the_first_one()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));
        var changing = scripted.Agent.ConfigureAsync(new AgentConfig(Model: "big"), Token);
        scripted.Program.Answer(await scripted.Program.HearAsync("session/set_config_option"), "{}");
        await changing;

        changing = scripted.Agent.ConfigureAsync(new AgentConfig(ClearModel: true), Token);
        var request = await scripted.Program.HearAsync("session/set_config_option");
        Assert.Equal("small", request.GetProperty("params").Text("value"));
        scripted.Program.Answer(request, "{}");

        Assert.Equal("small", (await changing).Model);
    }

    [Fact]
    public async Task What_cannot_be_chosen_is_refused_without_asking_the_agent()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync(opened: Options.ReplaceLineEndings(""));

        Assert.Contains("ask, yolo", (await scripted.Agent.ConfigureAsync(new AgentConfig(PermissionMode: "nonsense"), Token)).Refusal, StringComparison.Ordinal);
        Assert.Null((await scripted.Agent.ConfigureAsync(new AgentConfig(PermissionMode: "ask"), Token)).Refusal);
        Assert.False(scripted.Program.TryHear(out _));

        await using var plain = new ScriptedAgent();
        await plain.OpenAsync();
        Assert.NotNull((await plain.Agent.ConfigureAsync(new AgentConfig(Effort: "high"), Token)).Refusal);
    }

    [Fact]
    public async Task A_title_is_looked_up_where_the_agent_does_not_tell_it()
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync("""{"protocolVersion":1,"agentCapabilities":{"sessionCapabilities":{"list":{}}}}""");
        var (turn, prompt) = await scripted.PromptAsync();
        await scripted.EndAsync(turn, prompt);

        scripted.Program.Answer(await scripted.Program.HearAsync("session/list"), """{"sessions":[{"sessionId":"s0","title":"Other"},{"sessionId":"s1","title":"Mine"}]}""");

        await TestKit.Eventually.TrueAsync(() => scripted.Host.All<TitleChanged>().SingleOrDefault()?.Title is "Mine", "the title is told", Token);
    }
}
