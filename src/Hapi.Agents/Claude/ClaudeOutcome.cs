using System.Text.Json;

namespace Hapi.Agents.Claude;

/// <summary>How a turn ended, read from its <c>result</c> line.</summary>
internal static class ClaudeOutcome
{
    /// <summary>Claude Code says <c>success</c> also of a turn that failed at the model service: only <c>is_error</c> tells.</summary>
    /// <param name="interrupted">Claude Code has said that the user stopped it.</param>
    /// <param name="lastError">What it said when the model service failed.</param>
    public static TurnResult Of(JsonElement result, bool interrupted, string? lastError)
    {
        if (result.Text("terminal_reason")?.StartsWith("aborted", StringComparison.Ordinal) is true)
        {
            return new TurnResult(TurnEnd.Aborted);
        }

        if (!result.Flag("is_error"))
        {
            return new TurnResult(TurnEnd.Completed);
        }

        return interrupted && result.Text("subtype") is "error_during_execution" && lastError is null
            ? new TurnResult(TurnEnd.Aborted)
            : new TurnResult(TurnEnd.Failed, Sentence(Reason(result) ?? lastError, result.Text("subtype")));
    }

    /// <summary>An error of Claude Code in words that say what to do.</summary>
    public static string Sentence(string? reason, string? subtype = null)
    {
        if (reason is null)
        {
            return subtype switch
            {
                "error_max_turns" => "Claude Code stopped: it has reached its limit of turns.",
                "error_max_budget_usd" => "Claude Code stopped: it has reached its limit of money.",
                _ => "Claude Code failed and did not say why.",
            };
        }

        return reason.Contains("/login", StringComparison.Ordinal)
            ? $"Claude Code is not signed in on this machine. Run `claude` in a terminal there and sign in with /login, or set ANTHROPIC_API_KEY. It said: {reason}"
            : reason;
    }

    private static string? Reason(JsonElement result)
    {
        if (result.Text("result") is { Length: > 0 } said)
        {
            return said;
        }

        // Lines for Claude Code's own developers begin like this.
        var errors = string.Join(" ", result.Texts("errors").Where(error => !error.StartsWith("[ede_diagnostic]", StringComparison.Ordinal)));
        return errors.Length > 0 ? errors : null;
    }
}
