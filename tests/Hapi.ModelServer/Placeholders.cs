using System.Text.RegularExpressions;
using Hapi.ModelServer.Conversations;

namespace Hapi.ModelServer;

internal static partial class Placeholders
{
    private const int LongestResult = 200;

    public static string Fill(string text, Conversation conversation, string url) => Mark().Replace(text, mark => mark.Groups["what"].Value switch
    {
        "lastToolResult" => conversation.LastToolResult[..Math.Min(LongestResult, conversation.LastToolResult.Length)],
        "prompt" => conversation.Prompt,
        "model" => conversation.Model,
        "url" => url,
        _ => Argument(conversation.Prompt, mark.Groups["name"].Value),
    });

    private static string Argument(string prompt, string name) =>
        prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";

    [GeneratedRegex(@"\{\{(?<what>lastToolResult|prompt|model|url|arg:(?<name>\w+))\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();
}
