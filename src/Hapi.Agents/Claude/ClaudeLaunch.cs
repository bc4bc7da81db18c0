using Hapi.Processes;

namespace Hapi.Agents.Claude;

/// <summary>The command line of one Claude Code process.</summary>
/// <param name="AllowsBypass">Whether the mode that asks for nothing can be chosen while it runs.</param>
internal sealed record ClaudeLaunch(string Program, IReadOnlyList<string> Arguments, bool AllowsBypass)
{
    /// <summary>Names another program, where <c>claude</c> on the PATH is not the right one.</summary>
    public const string ProgramVariable = "HAPI_CLAUDE_PATH";

    /// <exception cref="AgentException">There is no Claude Code on this machine.</exception>
    public static ClaudeLaunch Of(AgentStart start)
    {
        var command = start.Command is { Count: > 0 } given ? given : [start.Environment.GetValueOrDefault(ProgramVariable) is { Length: > 0 } path ? path : "claude"];
        var program = Executables.Find(command[0], start.Environment.GetValueOrDefault("PATH")) ?? throw NotFound(command[0]);
        var allowsBypass = AllowsBypassFor(start.Environment);
        return new ClaudeLaunch(BehindShim(program), [.. command.Skip(1), .. ArgumentsOf(start, allowsBypass)], allowsBypass);
    }

    public static AgentException NotFound(string program, Exception? inner = null) => new(
        "agent_not_found",
        $"Claude Code was not found (\"{program}\"). Install it with `npm install -g @anthropic-ai/claude-code`, or set {ProgramVariable} to where it is.",
        inner);

    private static List<string> ArgumentsOf(AgentStart start, bool allowsBypass)
    {
        // The user's own come first: where one of them contradicts what the session needs, the later one wins.
        var own = start.ExtraArguments ?? [];
        List<string> arguments =
        [
            .. own, "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--include-partial-messages", "--permission-prompt-tool", "stdio",
        ];
        if (start.PermissionMode is not null || !own.Any(argument => argument.StartsWith("--permission-mode", StringComparison.Ordinal) || argument is "--dangerously-skip-permissions"))
        {
            // Named even when it is the default, or the user's settings would choose it behind the session's back.
            arguments.AddRange(["--permission-mode", start.PermissionMode ?? ClaudeModes.Default]);
        }

        if (allowsBypass)
        {
            arguments.Add("--allow-dangerously-skip-permissions");
        }

        Add("--model", start.Model);
        Add("--effort", start.Effort);
        Add("--resume", start.NativeSessionId);
        if (start is { Fork: true, NativeSessionId: not null })
        {
            arguments.Add("--fork-session");
        }

        return arguments;

        void Add(string option, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                arguments.AddRange([option, value]);
            }
        }
    }

    /// <summary>Claude Code refuses to start with that permission as root, unless it is told that the machine is a sandbox.</summary>
    private static bool AllowsBypassFor(IReadOnlyDictionary<string, string> environment) =>
        OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess || environment.GetValueOrDefault("IS_SANDBOX") is "1";

    /// <summary>On Windows npm puts a script beside the real program; a script cannot be started with a list of arguments.</summary>
    private static string BehindShim(string program)
    {
        if (!OperatingSystem.IsWindows() || Path.GetExtension(program) is not (".cmd" or ".bat"))
        {
            return program;
        }

        var real = Path.Combine(Path.GetDirectoryName(program)!, "node_modules", "@anthropic-ai", "claude-code", "bin", "claude.exe");
        return File.Exists(real) ? real : program;
    }
}
