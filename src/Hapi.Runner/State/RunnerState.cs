using System.Text.Json.Serialization;
using Hapi.Processes;

namespace Hapi.Runner.State;

/// <summary>
/// The runner's state file, <c>HAPI_HOME/runner.state.json</c>: who runs, where it listens, and what it was started with. No secret is in it.
/// </summary>
/// <param name="StartTime">Proves, with the pid, which process this is (see <see cref="ProcessIdentity"/>).</param>
/// <param name="Control">The address of the runner's private door.</param>
/// <param name="TokenHash">SHA-256 of the access token, in hex.</param>
/// <param name="Argv">The command line it was started with, without the program; begins with <c>runner</c>.</param>
/// <param name="StartedAt">In milliseconds since 1970, here and below.</param>
/// <param name="ExecutableModified">When the executable had been written that it runs.</param>
/// <param name="HandoverDisabled">It does not give way to another version by itself.</param>
public sealed record RunnerState(
    int Pid,
    long StartTime,
    string Control,
    string Version,
    string HubUrl,
    string MachineId,
    string TokenHash,
    IReadOnlyList<string> WorkspaceRoots,
    IReadOnlyList<string> Argv,
    long StartedAt,
    long LastHeartbeat,
    string LogPath,
    long ExecutableModified = 0,
    bool HandoverDisabled = false)
{
    [JsonIgnore]
    public ProcessIdentity Identity => new(Pid, StartTime);

    /// <summary>Whether it was started with the same wishes, of the same version, as the other.</summary>
    /// <param name="ignoreVersion">Versions do not count.</param>
    public bool Serves(RunnerState other, bool ignoreVersion) =>
        (ignoreVersion || HandoverDisabled || (Version == other.Version && ExecutableModified == other.ExecutableModified))
        && HubUrl == other.HubUrl && MachineId == other.MachineId && TokenHash == other.TokenHash
        && WorkspaceRoots.Order(StringComparer.Ordinal).SequenceEqual(other.WorkspaceRoots.Order(StringComparer.Ordinal));
}
