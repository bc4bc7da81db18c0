using Hapi.Agents.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>Starts the adapter on real programs, with an environment of their own.</summary>
internal static class TestPrograms
{
    /// <summary>The test agent, built beside these tests in the same configuration.</summary>
    public static string TestAgent { get; } = SourceTree.At(
        "artifacts", "bin", "Hapi.AcpTestAgent", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), $"Hapi.AcpTestAgent{(OperatingSystem.IsWindows() ? ".exe" : "")}");

    public static Dictionary<string, string> Environment(string home)
    {
        var environment = new Dictionary<string, string> { ["HOME"] = home, ["LANG"] = "C.UTF-8" };
        foreach (var name in (ReadOnlySpan<string>)["PATH", "DOTNET_ROOT", "SystemRoot", "TEMP"])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    public static AcpAgent Agent(IAgentHost host, TempFolder folder, params IReadOnlyList<string> command) =>
        new(new AgentStart("acp", folder.Path, Environment(folder.Path), Command: command), host, TimeProvider.System);

    public static AcpAgent Demo(IAgentHost host, TempFolder folder, string? resume = null, string? mode = null) => new(
        new AgentStart("demo", folder.Path, Environment(folder.Path), NativeSessionId: resume, PermissionMode: mode, Command: [TestAgent, "demo", folder["conversations"]]), host, TimeProvider.System);
}
