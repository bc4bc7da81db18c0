using System.CommandLine;
using Hapi.Agents;
using Hapi.Output;
using Hapi.Processes;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>The commands that run an agent: <c>claude</c>, <c>acp</c>, <c>demo</c>.</summary>
internal static class SessionCommands
{
    /// <summary>Runs Claude Code. Options Hapi does not know, and everything after <c>--</c>, are Claude's.</summary>
    public static Command Claude(Printer output, IReadOnlyList<string>? rest)
    {
        var command = new Command("claude", "Run Claude Code. Other options, and everything after --, go to claude.") { TreatUnmatchedTokensAsErrors = false };
        var flags = new SessionFlags();
        flags.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var flavor = Flavor("claude");
            var wish = flags.Read(parsed, flavor);
            return await SessionLaunch.RunAsync(flavor, wish, CommandLine(flavor, null), [.. parsed.UnmatchedTokens, .. rest ?? []], output, cancellationToken);
        });
        return command;
    }

    /// <summary>Runs any agent that speaks the Agent Client Protocol: its command line stands after <c>--</c>.</summary>
    public static Command Acp(Printer output, IReadOnlyList<string>? rest)
    {
        var command = new Command("acp", "Run any agent that speaks the Agent Client Protocol: hapi acp -- <command> [arguments].");
        var flags = new SessionFlags();
        flags.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var flavor = Flavor("acp");
            var wish = flags.Read(parsed, flavor);
            var line = rest is { Count: > 0 } ? rest : SessionLaunch.CommandOf(wish.ExistingSessionId)
                ?? throw new CommandException(ExitCodes.BadArguments, "bad_arguments", "Say which agent: hapi acp -- <command> [arguments], for example \"hapi acp -- gemini --acp\".");
            return await SessionLaunch.RunAsync(flavor, wish, CommandLine(flavor, line), [], output, cancellationToken);
        });
        return command;
    }

    /// <summary>Runs the agent that ships with Hapi.</summary>
    public static Command Demo(Printer output)
    {
        var command = new Command("demo", "Run the demo agent, which needs no model and no account.");
        var flags = new SessionFlags();
        flags.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var flavor = Flavor("demo");
            return await SessionLaunch.RunAsync(flavor, flags.Read(parsed, flavor), null, [], output, cancellationToken);
        });
        return command;
    }

    /// <summary>The command line of an agent, with the absolute path of its program.</summary>
    /// <param name="line">What an agent that is named by its command line is started with.</param>
    /// <exception cref="CommandException">The program is not there.</exception>
    public static IReadOnlyList<string>? CommandLine(AgentFlavor flavor, IReadOnlyList<string>? line) => flavor.Id switch
    {
        "demo" => null,
        "claude" => [Program(HapiHome.Variable("HAPI_CLAUDE_PATH") ?? "claude", "Install Claude Code with \"npm install -g @anthropic-ai/claude-code\", or set HAPI_CLAUDE_PATH.")],
        _ => line is { Count: > 0 } ? [Program(line[0], "Install it, or give its path."), .. line.Skip(1)]
            : throw new CommandException(ExitCodes.AgentNotFound, "agent_unknown", $"Nothing on this machine says how {flavor.Label} was started. Run \"hapi {flavor.Id} --existing-session-id <id> -- <command>\"."),
    };

    private static AgentFlavor Flavor(string id) => AgentCatalog.Find(id) ?? throw new InvalidOperationException($"The agent table has no {id}.");

    private static string Program(string name, string hint) => Executables.Find(name, Environment.GetEnvironmentVariable("PATH"))
        ?? throw new CommandException(ExitCodes.AgentNotFound, "agent_not_found", $"The program \"{name}\" was not found. {hint}");
}
