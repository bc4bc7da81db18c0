using Hapi.Contracts.Sessions;
using Hapi.Output;

namespace Hapi.Sessions;

/// <summary>Sessions as lines that fit a terminal of 80 columns.</summary>
internal static class SessionTable
{
    public const int Width = 80;
    private const int ShortestId = 8, Agent = 8, State = 23, When = 10, ShortestName = 8;

    /// <summary>A heading and a line a session, none wider than <paramref name="width"/>. Ids are as short as tells them apart.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<SessionSummary> sessions, int width, TimeProvider time)
    {
        var id = IdLength([.. sessions.Select(s => s.Id)]);
        var rows = sessions.Select(s => (s.Id[..Math.Min(id, s.Id.Length)], s.Metadata?.Flavor ?? "?", SessionWords.State(s), Ago.Say(s.UpdatedAt, time), SessionWords.Name(s)));
        foreach (var (first, agent, state, when, name) in rows.Prepend(("ID", "AGENT", "STATE", "WHEN", "SESSION")))
        {
            var start = $"{DisplayText.Column(first, id)}  {DisplayText.Column(agent, Agent)}  {DisplayText.Column(state, State)}  {DisplayText.Column(when, When)}  ";
            yield return start + DisplayText.Fit(name, Math.Max(ShortestName, width - DisplayText.Width(start)));
        }
    }

    private static int IdLength(IReadOnlyList<string> ids)
    {
        var length = ShortestId;
        while (length < ids.Select(id => id.Length).DefaultIfEmpty().Max() && ids.Select(id => id[..Math.Min(length, id.Length)]).Distinct(StringComparer.OrdinalIgnoreCase).Count() < ids.Count)
        {
            length++;
        }

        return length;
    }
}
