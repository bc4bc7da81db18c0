namespace Hapi.Session.Records;

/// <summary>What a later start of the same session must know, and how the last one ended, kept beside the outbox so that no hub is needed for it.</summary>
/// <param name="NativeSessionId">The agent's own id of the conversation.</param>
/// <param name="Titled">The conversation has a title; one that is only a guess must not replace it.</param>
/// <param name="EndedAt">In milliseconds since 1970; <see langword="null"/> while it runs, and when its process died without a word.</param>
/// <param name="Reason">As in <see cref="Hapi.Contracts.Link.SessionEnded"/>, like the members after it.</param>
public sealed record SessionRecord(
    string SessionId, string Flavor, string Directory, IReadOnlyList<string>? Command = null, string? NativeSessionId = null, bool Titled = false,
    long? EndedAt = null, string? Reason = null, string? ArchiveReason = null, int? ExitCode = null, string? Cause = null, string? By = null);
