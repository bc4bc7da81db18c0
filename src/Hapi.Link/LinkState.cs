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
/// <param name="Owner">Whose facts travel: the id of the session, for a runner that of its machine.</param>
/// <param name="Role">One of <see cref="Hapi.Contracts.Link.LinkRoles"/>.</param>
public sealed record LinkOptions(Uri HubUrl, string Token, string Owner, string Version, string Role = Hapi.Contracts.Link.LinkRoles.Session);
