using System.Text.RegularExpressions;

namespace Hapi.ModelServer;

/// <summary>A text with gates in it.</summary>
internal sealed partial class ScriptedText(string script)
{
    /// <summary>Without the gates: what the client has in the end.</summary>
    public string Plain { get; } = Gate().Replace(script, "");

    public bool IsEmpty => Plain.Length == 0;

    public IEnumerable<string> Gates => Gate().Matches(script).Select(m => m.Groups["name"].Value);

    /// <summary>The pieces of a stream in order; where <c>Gate</c> is set the stream stops there, and has no piece.</summary>
    public IEnumerable<(string? Gate, string Piece)> Pieces(int length)
    {
        // Split keeps what the group caught, so every second part is the name of a gate.
        foreach (var (part, isGate) in Gate().Split(script).Select((part, i) => (part, i % 2 == 1)))
        {
            if (isGate)
            {
                yield return (part, "");
                continue;
            }

            foreach (var piece in Cut(part, length))
            {
                yield return (null, piece);
            }
        }
    }

    /// <summary>Pieces of at most that many characters; a pair of surrogates stays together.</summary>
    public static IEnumerable<string> Cut(string text, int length)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + Math.Max(1, length), text.Length);
            if (end < text.Length && char.IsLowSurrogate(text[end]))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }

    [GeneratedRegex(@"\{\{gate:(?<name>[\w-]+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gate();
}
