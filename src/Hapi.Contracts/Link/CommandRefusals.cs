namespace Hapi.Contracts.Link;

/// <summary>Why a session refused a command: the <c>code</c> of <see cref="CommandRefused"/>.</summary>
public static class CommandRefusals
{
    public const string Consumed = "consumed";
    public const string InFlight = "in_flight";
    public const string Indeterminate = "indeterminate";
    public const string NotFound = "not_found";
    public const string RequestAlreadyClosed = "request_already_closed";
    public const string RequestUnknown = "request_unknown";
    public const string NotSupported = "not_supported";
    public const string AgentRefused = "agent_refused";
    public const string UnknownKind = "unknown_kind";
    public const string InvalidBody = "invalid_body";
    public const string SessionEnding = "session_ending";
}
