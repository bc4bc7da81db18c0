using System.Text.Json.Nodes;
using Hapi.Processes;
using Hapi.Programs;
using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>The programs Hapi runs for others: agents and git.</summary>
internal static class ToolChecks
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);
    private static readonly string[] s_agents = ["claude", "codex", "cursor-agent", "gemini", "opencode", "kimi", "copilot", "qwen", "grok", "pi"];

    /// <summary>The agents on the PATH with what they say of their version.</summary>
    public static async Task<IReadOnlyList<Finding>> AgentsAsync(CancellationToken cancellationToken)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        var found = s_agents.Select(name => (Name: name, Program: Executables.Find(name is "claude" ? HapiHome.Variable("HAPI_CLAUDE_PATH") ?? name : name, path))).Where(a => a.Program is not null).ToList();
        if (found.Count == 0)
        {
            return [Finding.Warn("agents", "No agent is on the PATH.", "Install one, for example with \"npm install -g @anthropic-ai/claude-code\". \"hapi demo\" needs none.")];
        }

        var versions = await Task.WhenAll(found.Select(a => VersionAsync(a.Program!, cancellationToken)));
        return [.. found.Zip(versions, (agent, version) => version is null
            ? Finding.Warn("agent", $"{agent.Name}: {agent.Program} does not tell its version.", $"Run \"{agent.Program} --version\" and see why.", Data(agent.Name, agent.Program, null))
            : Finding.Ok("agent", $"{agent.Name}: {version} ({agent.Program})", Data(agent.Name, agent.Program, version)))];
    }

    public static async Task<IReadOnlyList<Finding>> GitAsync(CancellationToken cancellationToken)
    {
        var git = await ProgramRun.AskAsync(["git", "--version"], s_patience, cancellationToken);
        return [git.Succeeded ? Finding.Ok("git", git.Out.Trim()) : Finding.Warn("git", "git is not there, or does not run.", "Install git: changes, diffs and worktrees need it.")];
    }

    private static async Task<string?> VersionAsync(string program, CancellationToken cancellationToken)
    {
        var run = await ProgramRun.AskAsync([program, "--version"], s_patience, cancellationToken);
        return run.Succeeded && run.Out.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : null;
    }

    private static JsonObject Data(string name, string? program, string? version) => new() { ["name"] = name, ["program"] = program, ["version"] = version };
}
