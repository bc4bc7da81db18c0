namespace Hapi.Hub.Reopens;

/// <summary>Who wants a session back. <c>OnlyInterrupted</c> leaves one alone that somebody has settled meanwhile; <c>Automatic</c> is nobody's tap.</summary>
internal sealed record ReopenWish(string SessionId, string By, string? PermissionMode = null, bool OnlyInterrupted = false, bool Automatic = false, Audit.Asker? Asker = null);

/// <summary>What became of bringing a session back. <c>Code</c> is <see langword="null"/> when it runs and its agent is ready; <c>Resumed</c> is false when it did all the time.</summary>
internal sealed record ReopenOutcome(string? Code, string? Message, bool Resumed)
{
    /// <summary>It was not interrupted any more.</summary>
    public const string Settled = "settled";

    public static ReopenOutcome Running { get; } = new(null, null, false);

    public static ReopenOutcome Reopened { get; } = new(null, null, true);

    public static ReopenOutcome Failed(string code, string message) => new(code, message, false);
}
