namespace Hapi.Commands;

/// <summary>What a session's command line asked for.</summary>
/// <param name="NewSessionId">The id that whoever starts it has chosen.</param>
/// <param name="Directory">Where it runs; without it, where the command was called.</param>
internal sealed record SessionWish(
    string? ExistingSessionId, string? NewSessionId, string? PermissionMode, string? Model, string? Effort, string? NativeSessionId, string StartedBy, string? Directory = null);
