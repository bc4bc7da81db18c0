using System.Text.Json;
using System.Text.RegularExpressions;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>Finds the sentence a person should read in what an agent says went wrong.</summary>
internal static partial class AcpErrors
{
    public const int AuthenticationRequired = -32000, ResourceNotFound = -32002;
    private const int MaxLength = 600;
    private static readonly string[] s_sentences = ["details", "message", "error", "detail"];

    /// <summary>
    /// The message of a refusal. Agents hide it: in <c>error.data</c> (Qwen, codex-acp), as JSON inside the message (Gemini), behind "Internal error:" (OpenCode).
    /// </summary>
    public static string Describe(RpcException error)
    {
        var message = Unwrap(error.Message);
        var details = error.Details is { } json && Parse(json) is { } data ? Dig(data) : null;
        if (details is null || message.Contains(details, StringComparison.Ordinal))
        {
            return Shorten(message.Length == 0 ? $"The agent answered with error {error.Code}." : message);
        }

        return Shorten(IsBare(message) ? details : $"{message}: {details}");
    }

    /// <summary>How a program ended that was not asked to, with its last words.</summary>
    public static string Describe(string label, ExitReport exit, string? lastNoise)
    {
        var words = LastWords(exit.StderrTail) ?? LastWords(lastNoise ?? "");
        return Shorten($"{label} ended with exit code {exit.ExitCode}{(words is null ? "." : $": {words}")}");
    }

    /// <summary>Some agents do not refuse but end, and only their last words tell that they want to be signed in to (Copilot).</summary>
    public static bool SpeaksOfSigningIn(string words) => SignIn().IsMatch(words);

    public static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxLength ? line : line[..(MaxLength - 1)] + "…";
    }

    private static string Unwrap(string message)
    {
        var text = message.StartsWith("Internal error: ", StringComparison.Ordinal) ? message["Internal error: ".Length..] : message;
        return text.AsSpan().TrimStart().StartsWith("{") && Parse(text) is { } json && Dig(json) is { } inner ? inner : text.Trim();
    }

    private static bool IsBare(string message) => message.TrimEnd('.') is "Internal error" or "Invalid params" or "Resource not found" or "";

    private static string? Dig(JsonElement data, int depth = 0)
    {
        if (data.ValueKind is JsonValueKind.String)
        {
            var text = data.GetString()!;
            return depth < 4 && text.AsSpan().TrimStart().StartsWith("{") && Parse(text) is { } json ? Dig(json, depth + 1) : text;
        }

        if (data.ValueKind is not JsonValueKind.Object || depth >= 4)
        {
            return null;
        }

        return s_sentences
            .Select(name => data.Member(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Object } value ? Dig(value, depth + 1) : null)
            .FirstOrDefault(found => !string.IsNullOrWhiteSpace(found));
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? LastWords(string text)
    {
        // A stack trace ends in lines that tell a person nothing.
        var lines = AnsiColour().Replace(text, "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("at ", StringComparison.Ordinal)).TakeLast(4).ToArray();
        return lines.Length == 0 ? null : string.Join(' ', lines);
    }

    [GeneratedRegex(@"(not|n't) (logged|signed) in|log ?in\b|sign ?in\b|authenticat|unauthori[sz]ed|credential|api[ _-]?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex SignIn();

    [GeneratedRegex(@"\u001b\[[0-9;]*m", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex AnsiColour();
}
