using Hapi.Agents.Claude;
using Hapi.ModelServer;
using Hapi.ModelServer.Scenarios;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

/// <summary>The pinned Claude Code in a home of its own, with a scripted model for all its world.</summary>
internal sealed class RealClaude : IAsyncDisposable
{
    private readonly TempFolder _home = new();
    private readonly List<ClaudeAgent> _agents = [];
    private readonly ScriptedModelServer _model;

    private RealClaude(ScriptedModelServer model)
    {
        _model = model;
        Directory.CreateDirectory(_home["work"]);
    }

    public static string Program { get; } = SourceTree.At("tests", "agents", "node_modules", ".bin", OperatingSystem.IsWindows() ? "claude.cmd" : "claude");

    public ScriptedModelServer Model => _model;

    public string Folder => _home["work"];

    public Dictionary<string, string> Environment { get; } = [];

    public static async Task<RealClaude> WithAsync(string scenario)
    {
        Assert.True(File.Exists(Program), $"The agents the tests drive are not installed: run `npm --prefix {SourceTree.At("tests", "agents")} ci`.");
        return new RealClaude(await ScriptedModelServer.StartAsync(Scenario.Parse(scenario), 0, TestContext.Current.CancellationToken));
    }

    public async Task<(ClaudeAgent Agent, AgentReady Ready)> StartAsync(RecordingHost host, Func<AgentStart, AgentStart>? with = null)
    {
        // Nothing of the developer's own set-up may leak in, and nothing but the scripted model may be reached.
        var environment = new Dictionary<string, string>(Environment)
        {
            ["HOME"] = _home.Path,
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["ANTHROPIC_BASE_URL"] = _model.Url,
            ["CLAUDE_CONFIG_DIR"] = _home[".claude"],
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
        };
        environment.TryAdd("ANTHROPIC_API_KEY", "dummy");
        var start = new AgentStart("claude", Folder, environment, Command: [Program]);
        var agent = new ClaudeAgent(with is null ? start : with(start), host, TimeProvider.System);
        _agents.Add(agent);
        return (agent, await agent.StartAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        await _model.DisposeAsync();
        _home.Dispose();
    }
}
