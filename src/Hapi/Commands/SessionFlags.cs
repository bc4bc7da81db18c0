using System.CommandLine;
using Hapi.Agents;

namespace Hapi.Commands;

/// <summary>The options every session command knows.</summary>
internal sealed class SessionFlags
{
    private readonly Option<string> _existing = new("--existing-session-id", "--hapi-session-id") { Description = "Attach to this session instead of beginning one." };
    private readonly Option<string> _new = new("--new-session-id") { Description = "The id of the session that begins.", Hidden = true };
    private readonly Option<string> _startedBy = new("--started-by") { Description = "Who starts it: terminal or runner.", Hidden = true };
    private readonly Option<string> _startingMode = new("--hapi-starting-mode") { Description = "remote.", Hidden = true };
    private readonly Option<string> _mode = new("--permission-mode") { Description = "How much the agent may do without asking." };
    private readonly Option<bool> _yolo = new("--yolo") { Description = "The agent never asks." };
    private readonly Option<string> _model = new("--model") { Description = "The model the agent shall use." };
    private readonly Option<string> _effort = new("--effort") { Description = "How hard the model shall think." };
    private readonly Option<string> _resume = new("--resume", "--session") { Description = "Continue this conversation of the agent's own." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one line of JSON when the session begins." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _existing, _new, _mode, _yolo, _model, _effort, _resume, _json, _startedBy, _startingMode })
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="CommandException">An option has a value that cannot be.</exception>
    public SessionWish Read(ParseResult parsed, AgentFlavor flavor)
    {
        var (existing, begun) = (SessionId(parsed, _existing), SessionId(parsed, _new));
        if (existing is not null && begun is not null)
        {
            throw Bad("A session begins or goes on: give --new-session-id or --existing-session-id.");
        }

        var mode = parsed.GetValue(_mode) ?? (parsed.GetValue(_yolo) ? flavor.Modes.FirstOrDefault(m => m.Tone is "danger")?.Id ?? "yolo" : null);
        if (mode is not null && flavor.Modes.Count > 0 && flavor.Modes.All(m => m.Id != mode))
        {
            throw Bad($"There is no permission mode \"{mode}\". {flavor.Label} has {string.Join(", ", flavor.Modes.Select(m => m.Id))}.");
        }

        if (parsed.GetValue(_startingMode) is not (null or "remote"))
        {
            throw Bad("--hapi-starting-mode knows \"remote\" only.");
        }

        return new SessionWish(existing, begun, mode, Some(parsed, _model), Some(parsed, _effort), Some(parsed, _resume), parsed.GetValue(_startedBy) is "runner" ? "runner" : "terminal");
    }

    private static string? SessionId(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is not { } text ? null
        : Guid.TryParse(text, out var id) ? id.ToString()
        : throw Bad($"\"{text}\" is no session id. It has the form 01234567-89ab-cdef-0123-456789abcdef.");

    private static string? Some(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is not { } value ? null : value.Trim() is { Length: > 0 } text ? text : throw Bad($"{option.Name} needs a value.");

    private static CommandException Bad(string message) => new(ExitCodes.BadArguments, "bad_arguments", message);
}
