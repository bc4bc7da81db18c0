namespace Hapi.Session.Records;

/// <summary>What a later start of the same session must know, kept beside the outbox so that no hub is needed for it.</summary>
/// <param name="NativeSessionId">The agent's own id of the conversation.</param>
/// <param name="Titled">The conversation has a title; one that is only a guess must not replace it.</param>
public sealed record SessionRecord(string SessionId, string Flavor, string Directory, IReadOnlyList<string>? Command = null, string? NativeSessionId = null, bool Titled = false);
