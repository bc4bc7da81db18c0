namespace Hapi.Runner;

/// <summary>What one runner is started with.</summary>
/// <param name="Home"><c>HAPI_HOME</c>, absolute.</param>
/// <param name="Token">Opens the hub. It stays in this process: no child's environment or command line has it.</param>
/// <param name="Command">The command line that runs this very executable again; sessions are started with it.</param>
/// <param name="Argv">What this runner was started with, without the program.</param>
/// <param name="WorkspaceRoots">Absolute; none restricts nothing.</param>
/// <param name="Agents">What can be started.</param>
/// <param name="LogPath">The runner's own log.</param>
public sealed record RunnerOptions(
    string Home,
    Uri HubUrl,
    string Token,
    string Version,
    string MachineId,
    string HostName,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Argv,
    IReadOnlyList<string> WorkspaceRoots,
    IReadOnlyList<LaunchableAgent> Agents,
    string LogPath)
{
    /// <summary>What was interrupted on this machine is brought back once, when the hub is there.</summary>
    public bool ReopenInterrupted { get; init; }

    /// <summary>A service manager starts it again when it ends.</summary>
    public bool Supervised { get; init; }

    /// <summary>It does not give way to another version by itself, and takes none's place.</summary>
    public bool HandoverDisabled { get; init; }

    /// <summary>How long a session process has to report.</summary>
    public TimeSpan ReportWithin { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a successor has to stand before this one comes back.</summary>
    public TimeSpan SuccessorStandsWithin { get; init; } = TimeSpan.FromSeconds(30);

    public StopPatience StopPatience { get; init; } = new();
}

/// <summary>How long each step of stopping a session process may take.</summary>
public sealed record StopPatience
{
    /// <summary>After it has accepted the stop: to end its agent and say its last words.</summary>
    public TimeSpan Accepted { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Terminated { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Killed { get; init; } = TimeSpan.FromSeconds(5);
}
