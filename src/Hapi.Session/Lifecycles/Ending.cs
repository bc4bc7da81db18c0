namespace Hapi.Session.Lifecycles;

/// <summary>How a session ends: the labels of the archive, frozen when the first cause came.</summary>
/// <param name="Reason"><c>completed</c>, <c>terminated</c>, <c>error</c>, <c>handoff</c> or <c>cleared</c>.</param>
/// <param name="Cause">The word for the cause in <see cref="Hapi.Contracts.Link.SessionEnded"/>.</param>
/// <param name="By">Who caused it, where that is known.</param>
internal sealed record Ending(string Reason, string ArchiveReason, int ExitCode, string Cause, string? By = null)
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(1), s_confirmed = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the process waits for the hub to have the last fact. A hub that is away must not hold the exit; but where another
    /// session takes over, it should find this one archived.
    /// </summary>
    public TimeSpan LastFlush => Reason is "cleared" or "handoff" ? s_confirmed : s_usual;
}
