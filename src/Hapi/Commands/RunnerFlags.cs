using System.CommandLine;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>The options a runner is started with.</summary>
internal sealed class RunnerFlags
{
    private readonly Option<string[]> _roots = new("--workspace-root") { Description = "A folder in which sessions may be started; may be given again. Without one, nothing is restricted." };
    private readonly Option<bool> _reopen = new("--reopen-interrupted") { Description = "Bring back what was interrupted by a restart, a power loss or a kill." };
    private readonly Option<string> _log = new("--log") { Description = "Where the log is.", Hidden = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _roots, _reopen, _log })
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandException">A root is no folder.</exception>
    public RunnerWish Read(ParseResult parsed) => new(
        [.. (parsed.GetValue(_roots) ?? []).Select(Root).Distinct(StringComparer.Ordinal)], parsed.GetValue(_reopen), parsed.GetValue(_log));

    private static string Root(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.StartsWith("--", StringComparison.Ordinal))
        {
            throw Bad("--workspace-root needs a folder.");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var path = text is "~" ? home : text.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, text[2..]) : Path.GetFullPath(text, HapiHome.InvokedDirectory);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Directory.Exists(path) ? path : throw Bad($"The workspace root {path} is no folder.");
    }

    private static CommandException Bad(string message) => new(ExitCodes.BadArguments, "workspace_root_invalid", message);
}
