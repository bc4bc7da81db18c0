using System.CommandLine;
using Hapi.Output;

namespace Hapi.Commands;

/// <summary>Which words are commands, and what happens to the rest of the line.</summary>
internal static class CommandTable
{
    private const string Default = "claude";
    private static readonly string[] s_help = ["-h", "-?", "--help"];

    /// <summary>Runs the command line. Everything after a literal <c>--</c> is the agent's and is never read here.</summary>
    public static async Task<int> RunAsync(string[] args, Printer output)
    {
        var end = Array.IndexOf(args, "--");
        var rest = end < 0 ? null : args[(end + 1)..];
        var ours = end < 0 ? args : args[..end];
        if (ours is ["demo-agent", ..])
        {
            return await DemoAgentCommand.RunAsync();
        }

        var root = new RootCommand("Hapi runs coding agents on your machine and lets you steer them from a phone or browser. Without a command it starts Claude Code.");
        root.Subcommands.Add(UpCommand.Create(output));
        root.Subcommands.Add(HubCommand.Create(output));
        root.Subcommands.Add(SessionCommands.Claude(output, rest));
        root.Subcommands.Add(SessionCommands.Acp(output, rest));
        root.Subcommands.Add(SessionCommands.Demo(output));
        root.Subcommands.Add(RunnerCommand.Create(output));
        root.Subcommands.Add(AuthCommand.Create(output));
        root.Subcommands.Add(AuditCommand.Create(output));
        root.Subcommands.Add(SessionsCommand.Create(output));
        root.Subcommands.Add(ResumeCommand.Create(output));
        root.Subcommands.Add(ServiceCommand.Create(output));
        root.Subcommands.Add(DoctorCommand.Create(output));
        if (ours.Length == 0 || (ours[0].StartsWith('-') && !s_help.Contains(ours[0])))
        {
            ours = [Default, .. ours];
        }

        var names = root.Subcommands.SelectMany(c => c.Aliases.Prepend(c.Name)).ToList();
        if (!ours[0].StartsWith('-') && !names.Contains(ours[0], StringComparer.Ordinal))
        {
            throw Unknown(ours[0], names);
        }

        var parsed = root.Parse(ours);
        if (parsed.Errors.Count > 0)
        {
            throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"{parsed.Errors[0].Message.TrimEnd('.')}. \"hapi {ours[0]} --help\" shows what there is.");
        }

        // Signals are the command's own business: a session or a hub ends in order.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static CommandException Unknown(string word, IReadOnlyList<string> names)
    {
        var near = names.OrderBy(n => Distance(word, n)).First();
        var hint = Distance(word, near) <= 2 ? $"Did you mean \"hapi {near}\"?" : "\"hapi --help\" shows them all.";
        return new CommandException(ExitCodes.BadArguments, "unknown_command", $"There is no command \"{word}\". {hint}");
    }

    // Levenshtein: how many letters differ.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
