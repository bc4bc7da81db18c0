namespace Hapi.Link;

/// <summary>How the process stands with the hub.</summary>
public enum LinkState
{
    Connecting,
    Connected,
    Unreachable,

    /// <summary>The hub does not accept the token, or does not let it have this session.</summary>
    Refused,
}

/// <param name="HubUrl">The hub's base address, <c>http://…</c> or <c>https://…</c>.</param>
public sealed record LinkOptions(Uri HubUrl, string Token, string SessionId, string Version);
