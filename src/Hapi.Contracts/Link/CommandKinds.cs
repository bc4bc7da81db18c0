namespace Hapi.Contracts.Link;

/// <summary>The <c>kind</c> member of each command.</summary>
public static class CommandKinds
{
    public const string Message = "message";
    public const string MessageCancel = "message.cancel";
    public const string MessageRetry = "message.retry";
    public const string PermissionAnswer = "permission.answer";
    public const string ConfigSet = "config.set";
    public const string Abort = "abort";
    public const string Switch = "switch";
    public const string Stop = "stop";
}
