namespace Hapi.Hub.Http;

/// <summary>Every <c>code</c> a refusal may carry. Clients branch on status and code, never on texts.</summary>
internal static class ErrorCodes
{
    public const string SessionInactive = "session_inactive";
    public const string RequestAlreadyAnswered = "request_already_answered";
    public const string RateLimited = "rate_limited";
    public const string PairingCodeInvalid = "pairing_code_invalid";
    public const string HostNotAllowed = "host_not_allowed";
    public const string OriginNotAllowed = "origin_not_allowed";
    public const string BodyTooLarge = "body_too_large";
    public const string OwnerOnly = "owner_only";
    public const string Internal = "internal_error";
    public const string Stopping = "hub_stopping";
    public const string RouteNotFound = "route_not_found";
    public const string DeviceNotFound = "device_not_found";
    public const string ModeNotOffered = "mode_not_offered";
}
