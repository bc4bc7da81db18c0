namespace Hapi.Hub.Audit;

/// <summary>
/// What an audit row tells of: stable words, read by other programs too. A chat message is none of them: it is no act on a session but its
/// content, it stands in the conversation with who sent it and when, and one row more for each would slow down the path that must be fastest.
/// </summary>
internal static class AuditKinds
{
    public const string SessionStarted = "session.started";
    public const string SessionEnded = "session.ended";
    public const string SessionArchived = "session.archived";
    public const string SessionReopened = "session.reopened";
    public const string SessionReopenFailed = "session.reopen_failed";
    public const string SessionInterrupted = "session.interrupted";
    public const string SessionRenamed = "session.renamed";
    public const string SessionDeleted = "session.deleted";
    public const string SessionMerged = "session.merged";
    public const string SessionNoted = "session.noted";
    public const string PermissionApproved = "permission.approved";
    public const string PermissionDenied = "permission.denied";
    public const string ConfigChanged = "config.changed";
    public const string SignInSucceeded = "sign_in.succeeded";
    public const string SignInFailed = "sign_in.failed";
    public const string SignInLockedOut = "sign_in.locked_out";
    public const string DevicePaired = "device.paired";
    public const string DeviceRevoked = "device.revoked";
    public const string PairingCodeCreated = "pairing_code.created";
    public const string TokenCreated = "token.created";
    public const string MachineRenamed = "machine.renamed";
    public const string RunnerStarted = "runner.started";
    public const string RunnerStopped = "runner.stopped";
    public const string ProcessStopped = "process.stopped";
    public const string ProcessDied = "process.died";
}
