namespace Hapi.Commands;

/// <summary>What a session's command line asked for.</summary>
/// <param name="NewSessionId">The id that whoever starts it has chosen.</param>
internal sealed record SessionWish(string? ExistingSessionId, string? NewSessionId, string? PermissionMode, string? Model, string? Effort, string? NativeSessionId, string StartedBy);
