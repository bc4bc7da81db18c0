namespace Hapi.Sessions;

/// <summary>Which session a person means by the beginning of an id.</summary>
internal static class SessionPrefix
{
    private const int Shown = 5;

    /// <summary>An id that is given whole wins; otherwise the beginning must fit one session only.</summary>
    /// <exception cref="CommandException">It fits none, or several.</exception>
    public static T Find<T>(IReadOnlyList<T> sessions, string given, Func<T, string> id, Func<T, string> name)
    {
        var wanted = given.Trim();
        if (wanted.Length == 0)
        {
            throw new CommandException(ExitCodes.BadArguments, "bad_arguments", "Give a session's id, or the beginning of it. \"hapi sessions --all\" lists them.");
        }

        var matches = sessions.Where(s => id(s).StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        return matches switch
        {
            [var one] => one,
            [] => throw new CommandException(ExitCodes.SessionNotFound, "session_not_found", $"No session has an id that begins with \"{wanted}\". \"hapi sessions --all\" lists them."),
            _ when matches.Find(s => string.Equals(id(s), wanted, StringComparison.OrdinalIgnoreCase)) is { } exact => exact,
            _ => throw new CommandException(
                ExitCodes.Ambiguous, "ambiguous",
                $"\"{wanted}\" fits {matches.Count} sessions: {string.Join(", ", matches.Take(Shown).Select(s => $"{id(s)[..Math.Min(12, id(s).Length)]} ({name(s)})"))}{(matches.Count > Shown ? ", …" : "")}. Give more of the id."),
        };
    }
}
