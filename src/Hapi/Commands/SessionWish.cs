namespace Hapi.Commands;

/// <summary>What a session's command line asked for.</summary>
internal sealed record SessionWish(string? ExistingSessionId, string? PermissionMode, string? Model, string? Effort, string? NativeSessionId, string StartedBy);
