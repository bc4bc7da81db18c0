using Hapi.Processes;

namespace Hapi.Agents.Claude;

/// <summary>What a person should know of a Claude Code that ended by itself.</summary>
internal static class ClaudeObituary
{
    private const int MaxLength = 600;

    /// <summary>The end of what it wrote to stderr, or else <paramref name="said"/>: what it last said of a failure.</summary>
    public static string? Cause(ExitReport exit, string? said)
    {
        var tail = exit.StderrTail.Trim();
        if (tail.Length > MaxLength)
        {
            tail = $"…{tail[^MaxLength..]}";
        }

        return tail.Length > 0 ? tail : said;
    }

    public static string Sentence(string when, int exitCode, string? cause) =>
        $"Claude Code ended {when} (exit code {exitCode}){(cause is null ? "." : $": {cause}")}";
}
