namespace Hapi.Hub.Http;

/// <summary>Every <c>code</c> a refusal may carry. Clients branch on status and code, never on texts. A 401 has none: it always means "sign in again".</summary>
internal static class ErrorCodes
{
    public const string AccessDenied = "access_denied";
    public const string AlreadyLocal = "already_local";
    public const string BadRequest = "bad_request";
    public const string BodyTooLarge = "body_too_large";
    public const string DeviceNotFound = "device_not_found";
    public const string HandOffFailed = "handoff_failed";
    public const string HostNotAllowed = "host_not_allowed";
    public const string Internal = "internal_error";
    public const string InvalidBody = "invalid_body";
    public const string InvalidQuery = "invalid_query";
    public const string MachineCallFailed = "machine_call_failed";
    public const string MachineNotFound = "machine_not_found";
    public const string MachineOffline = "machine_offline";
    public const string MessageTooLarge = "message_too_large";
    public const string MetadataConflict = "metadata_conflict";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string ModeNotOffered = "mode_not_offered";
    public const string NoMachineOnline = "no_machine_online";
    public const string OriginNotAllowed = "origin_not_allowed";
    public const string OwnerOnly = "owner_only";
    public const string PairingCodeInvalid = "pairing_code_invalid";
    public const string RateLimited = "rate_limited";
    public const string RequestAlreadyAnswered = "request_already_answered";
    public const string RequestNotFound = "request_not_found";
    public const string RestartFailed = "restart_failed";
    public const string RestartUnsupported = "restart_unsupported";
    public const string ResumeFailed = "resume_failed";
    public const string ResumeUnavailable = "resume_unavailable";
    public const string RouteNotFound = "route_not_found";
    public const string RpcTargetMissing = "rpc_target_missing";
    public const string SessionActive = "session_active";
    public const string SessionInactive = "session_inactive";
    public const string SessionNotFound = "session_not_found";
    public const string Stopping = "hub_stopping";
    public const string SubscriptionNotFound = "subscription_not_found";
    public const string WebSocketExpected = "websocket_expected";
}
