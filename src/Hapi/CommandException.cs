namespace Hapi;

/// <summary>A command cannot go on, for a reason the user can do something about. <c>Message</c> is one line that says what.</summary>
internal sealed class CommandException(int exitCode, string code, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>A stable word for programs that read <c>--json</c>.</summary>
    public string Code { get; } = code;
}
