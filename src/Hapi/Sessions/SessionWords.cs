using Hapi.Contracts.Sessions;

namespace Hapi.Sessions;

/// <summary>A session in words: what it is called, and how it is.</summary>
internal static class SessionWords
{
    /// <summary><c>working</c>, <c>waits for you</c>, <c>idle</c>, <c>unreachable</c>, <c>interrupted</c>, or <c>ended</c> with the reason.</summary>
    public static string State(SessionSummary session) =>
        session.Interrupted is true ? "interrupted"
        : HasEnded(session) ? session.Metadata?.ArchiveReason is { Length: > 0 } reason ? $"ended: {reason}" : "ended"
        : session.Liveness is { State: "unreachable" } ? "unreachable"
        : session.PendingRequestsCount > 0 ? "waits for you"
        : session.Thinking ? "working"
        : "idle";

    public static bool HasEnded(SessionSummary session) => session.Liveness is { State: "ended" } || session.Metadata?.LifecycleState is "archived";

    /// <summary>The name a person gave, else the title, else the folder, else the id.</summary>
    public static string Name(SessionSummary session) =>
        Some(session.Metadata?.Name) ?? Some(session.Metadata?.Summary?.Text) ?? Some(Path.GetFileName(session.Metadata?.Path?.TrimEnd('/', '\\'))) ?? session.Id;

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
