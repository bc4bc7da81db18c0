namespace Hapi.Runner.Doors;

/// <summary>How the runner is.</summary>
/// <param name="Link"><c>connecting</c>, <c>connected</c>, <c>unreachable</c> or <c>refused</c>.</param>
/// <param name="Problem">Why the hub cannot be reached, in one sentence.</param>
/// <param name="Adopted">The sessions that ran when it started are known, and what the dead left is delivered and told, or is known not to be deliverable.</param>
/// <param name="Scopes">Each session gets a systemd scope of its own.</param>
/// <param name="Supervised">A service manager starts it again when it ends.</param>
/// <param name="Notices">What a person should know: an outbox that cannot be delivered, a session that cannot be stopped.</param>
public sealed record RunnerStatus(
    int Pid,
    long StartTime,
    string Version,
    string HubUrl,
    string MachineId,
    string Link,
    string? Problem,
    IReadOnlyList<string> WorkspaceRoots,
    int Sessions,
    bool Adopted,
    bool Scopes,
    bool Supervised,
    long StartedAt,
    string LogPath,
    IReadOnlyList<string> Notices,
    ReopenStatus? Reopen = null);

/// <summary>What came of <c>--reopen-interrupted</c>.</summary>
/// <param name="State"><c>waiting</c>, <c>asked</c>, <c>done</c> or <c>failed</c>.</param>
public sealed record ReopenStatus(
    string State,
    string? Problem = null,
    IReadOnlyList<string>? Reopened = null,
    IReadOnlyDictionary<string, string>? Failed = null,
    IReadOnlyList<string>? Skipped = null);

/// <param name="StartedBy"><c>runner</c> or <c>terminal</c>.</param>
public sealed record RunnerSession(string SessionId, string StartedBy, int Pid, long StartTime, string Flavor, string Directory, long StartedAt);

public sealed record RunnerSessions(IReadOnlyList<RunnerSession> Sessions);

/// <param name="By">Who asks, for the record.</param>
/// <param name="Successor">Another runner takes over: this one steps aside, and comes back when that one does not stand.</param>
public sealed record RunnerStopRequest(string? By = null, RunnerSuccessor? Successor = null);

public sealed record RunnerSuccessor(int Pid, long StartTime);

/// <summary>It was taken.</summary>
public sealed record RunnerAccepted(bool Accepted);
