using System.Text.Json.Nodes;
using Hapi.Session.Records;

namespace Hapi.Session.Titles;

/// <summary>
/// The conversation's title. One the agent chose is a row of the chat and the session's summary; a guess (its first prompt) is used only while
/// there is none, and never replaces another.
/// </summary>
internal sealed class TitleKeeper(SessionLog log, RecordKeeper record)
{
    private const int MaxTitle = 80;
    private string? _last;

    public async Task OfferAsync(string text, bool fallback)
    {
        var title = Short(text);
        if (title.Length == 0 || title == _last || IsPlaceholder(title) || (fallback && record.Current.Titled))
        {
            return;
        }

        _last = title;
        record.Change(r => r with { Titled = true });
        if (!fallback)
        {
            await log.SayAsync(log.Family.Title(title));
        }

        await log.SetMetadataAsync("summary", new JsonObject { ["text"] = title, ["updatedAt"] = log.Now });
    }

    internal static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxTitle ? line : line[..(char.IsHighSurrogate(line[MaxTitle - 2]) ? MaxTitle - 2 : MaxTitle - 1)] + "…";
    }

    // What agents call a conversation that has no name yet.
    private static bool IsPlaceholder(string title) =>
        title.Equals("Untitled", StringComparison.OrdinalIgnoreCase)
        || title.Equals("New Session", StringComparison.OrdinalIgnoreCase)
        || title.StartsWith("New session - 2", StringComparison.OrdinalIgnoreCase)
        || title.StartsWith("Child session - ", StringComparison.OrdinalIgnoreCase);
}
