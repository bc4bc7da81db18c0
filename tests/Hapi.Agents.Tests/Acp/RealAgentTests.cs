using Hapi.Agents.Acp;
using Hapi.ModelServer;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>The real Gemini CLI and GitHub Copilot CLI, pinned in <c>tests/agents</c>, with a scripted model behind them.</summary>
public sealed class RealAgentTests : IAsyncLifetime
{
    private const string Scenario = """
        {
          "rules": [
            {"match": "SAY_HELLO", "steps": [{"thinking": "They greet.", "text": "Hello from the scripted model, in several pieces."}]},
            {"match": "RUN_SHELL", "steps": [
              {"text": "I will run a command.", "tool": {"kind": "shell", "command": "echo it-ran > proof.txt && cat proof.txt", "description": "prove it"}},
              {"text": "The command is behind us."}]},
            {"match": "WRITE_FILE", "steps": [
              {"tool": {"kind": "write", "path": "{{arg:file}}", "content": "written\n"}},
              {"text": "The file is behind us."}]},
            {"match": "WRITE_LONG", "steps": [{"text": "The first half. {{gate:never}} The second half."}]},
            {"match": "BE_REFUSED", "steps": [{"error": {"status": 400, "type": "invalid_request_error", "message": "scripted refusal"}}]}
          ]
        }
        """;

    private readonly TempFolder _folder = new();
    private ScriptedModelServer _model = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _model = await ScriptedModelServer.StartAsync(ModelServer.Scenarios.Scenario.Parse(Scenario), 0, Token);

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("gemini", "0.61.0")]
    [InlineData("copilot", "1.0.102")]
    public async Task A_turn_streams_and_settles(string name, string version)
    {
        var host = new RecordingHost();
        await using var agent = Start(name, host);
        var ready = await agent.StartAsync(Token);
        Assert.Equal(version, ready.AgentVersion);
        Assert.Contains("plan", ready.Modes.Select(mode => mode.Id));

        Assert.Equal(new TurnResult(TurnEnd.Completed), await agent.PromptAsync(new AgentPrompt("SAY_HELLO"), Token));

        Assert.Equal("Hello from the scripted model, in several pieces.", Assert.Single(host.All<TextSettled>()).Text);
        Assert.Contains("They greet.", Assert.Single(host.All<ReasoningSettled>()).Text, StringComparison.Ordinal);
        Assert.NotEmpty(host.Streams);
        Assert.NotEmpty(host.All<UsageCounted>());
        host.AssertNothingStreams();
        Assert.Equal(0, (await agent.StopAsync()).ExitCode);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task An_allowed_command_runs(string name)
    {
        var host = new RecordingHost((_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved)));
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("RUN_SHELL"), Token)).End);

        Assert.Equal("it-ran\n", await File.ReadAllTextAsync(_folder["proof.txt"], Token));
        var ask = Assert.Single(host.Asks);
        Assert.Equal("echo it-ran > proof.txt && cat proof.txt", ask.Arguments.ToElement().GetProperty("command").GetString());
        Assert.Contains(host.All<ToolCalled>(), call => call.CallId == ask.Id);
        Assert.False(Assert.Single(host.All<ToolReturned>()).IsError);
        Assert.Equal("The command is behind us.", host.All<TextSettled>().Last().Text);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_denied_command_does_not_run(string name)
    {
        var host = new RecordingHost((_, _) => Task.FromResult(new PermissionDecision(Verdict.Denied)));
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("RUN_SHELL"), Token)).End);

        Assert.False(File.Exists(_folder["proof.txt"]));
        Assert.Single(host.Asks);
        Assert.True(Assert.Single(host.All<ToolReturned>()).IsError);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_file_is_shown_before_it_is_written(string name)
    {
        var host = new RecordingHost((_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved)));
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);

        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt($"WRITE_FILE file={_folder["new.txt"]}"), Token)).End);

        var input = host.Asks[^1].Arguments.ToElement();
        Assert.Equal((_folder["new.txt"], "written\n"), (input.GetProperty("file_path").GetString(), input.GetProperty("content").GetString()));
        Assert.Equal("written\n", await File.ReadAllTextAsync(_folder["new.txt"], Token));
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_stop_ends_a_stream_and_the_next_prompt_works(string name)
    {
        var host = new RecordingHost();
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);
        var turn = agent.PromptAsync(new AgentPrompt("WRITE_LONG"), Token);
        await Eventually.TrueAsync(() => host.Streams.Any(stream => stream.Text.Contains("The first", StringComparison.Ordinal)), "it streams", Token);

        await agent.AbortAsync(Token);

        Assert.Equal(TurnEnd.Aborted, (await turn).End);
        Assert.StartsWith("The first", Assert.Single(host.All<TextSettled>()).Text, StringComparison.Ordinal);
        Assert.Empty(host.All<Noted>());
        Assert.Equal(TurnEnd.Completed, (await agent.PromptAsync(new AgentPrompt("SAY_HELLO"), Token)).End);
        Assert.StartsWith("Hello", host.All<TextSettled>().Last().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_stop_withdraws_an_open_question(string name)
    {
        var asked = new TaskCompletionSource();
        var host = new RecordingHost(async (_, withdrawn) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, withdrawn);
            throw new InvalidOperationException("An infinite wait has ended.");
        });
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);
        var turn = agent.PromptAsync(new AgentPrompt("RUN_SHELL"), Token);
        await asked.Task.WaitAsync(Token);

        await agent.AbortAsync(Token);

        Assert.Equal(TurnEnd.Aborted, (await turn).End);
        Assert.False(File.Exists(_folder["proof.txt"]));
        Assert.Contains("ask withdrawn", host.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_refusal_of_the_models_service_fails_the_turn(string name)
    {
        var host = new RecordingHost();
        await using var agent = Start(name, host);
        await agent.StartAsync(Token);

        var turn = await agent.PromptAsync(new AgentPrompt("BE_REFUSED"), Token);

        Assert.Equal(TurnEnd.Failed, turn.End);
        Assert.Contains("scripted refusal", turn.Message, StringComparison.Ordinal);
        Assert.Empty(host.All<TextSettled>());
    }

    [Fact]
    public async Task A_conversation_of_Copilot_is_reopened_without_telling_its_history_again()
    {
        string id;
        await using (var first = Start("copilot", new RecordingHost()))
        {
            id = (await first.StartAsync(Token)).NativeSessionId!;
            await first.PromptAsync(new AgentPrompt("SAY_HELLO"), Token);
            await first.StopAsync();
        }

        var host = new RecordingHost();
        await using var agent = Start("copilot", host, id);
        Assert.Equal(id, (await agent.StartAsync(Token)).NativeSessionId);
        await agent.PromptAsync(new AgentPrompt("SAY_HELLO again"), Token);

        Assert.Single(host.All<TextSettled>());

        await using var lost = Start("copilot", host, Guid.NewGuid().ToString());
        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<AgentException>(() => lost.StartAsync(Token))).Code);
    }

    [Fact]
    public async Task Gemini_without_a_key_is_not_signed_in()
    {
        await using var agent = Start("gemini", new RecordingHost(), key: false);

        Assert.Equal("agent_not_signed_in", (await Assert.ThrowsAsync<AgentException>(() => agent.StartAsync(Token))).Code);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("copilot")]
    public async Task A_mode_is_changed(string name)
    {
        await using var agent = Start(name, new RecordingHost());
        await agent.StartAsync(Token);

        Assert.Equal(("plan", null), await ModeAsync("plan"));
        Assert.Contains("has no mode", (await ModeAsync("nonsense")).Refusal, StringComparison.Ordinal);

        async Task<(string? Mode, string? Refusal)> ModeAsync(string mode)
        {
            var result = await agent.ConfigureAsync(new AgentConfig(PermissionMode: mode), Token);
            return (result.PermissionMode, result.Refusal);
        }
    }

    private AcpAgent Start(string name, IAgentHost host, string? resume = null, bool key = true)
    {
        var home = Directory.CreateDirectory(Path.Combine(_folder.Path, ".home")).FullName;
        var environment = TestPrograms.Environment(home);
        if (name is "gemini")
        {
            Directory.CreateDirectory(Path.Combine(home, ".gemini"));
            File.WriteAllText(Path.Combine(home, ".gemini", "settings.json"), """
                {"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false,"enableAutoUpdateNotification":false},
                 "privacy":{"usageStatisticsEnabled":false},"telemetry":{"enabled":false}}
                """);
            environment["GOOGLE_GEMINI_BASE_URL"] = _model.Url;
            environment["GEMINI_CLI_NO_RELAUNCH"] = "true";
            environment["GEMINI_CLI_TRUST_WORKSPACE"] = "true";
            if (key)
            {
                environment["GEMINI_API_KEY"] = "dummy";
            }
        }
        else
        {
            environment["COPILOT_OFFLINE"] = "true";
            environment["COPILOT_PROVIDER_BASE_URL"] = $"{_model.Url}/v1";
            environment["COPILOT_PROVIDER_TYPE"] = "openai";
            environment["COPILOT_PROVIDER_API_KEY"] = "dummy";
            environment["COPILOT_MODEL"] = "scripted";
            environment["COPILOT_HOME"] = Path.Combine(home, ".copilot");
        }

        var program = SourceTree.At("tests", "agents", "node_modules", ".bin", name);
        string[] command = name is "gemini" ? [program, "--acp"] : [program, "--acp", "--no-auto-update"];
        return new AcpAgent(new AgentStart("acp", _folder.Path, environment, NativeSessionId: resume, Command: command), host, TimeProvider.System);
    }
}
