using Hapi.Processes;

namespace Hapi.Control;

/// <summary>The state file of a running session, <c>HAPI_HOME/run/&lt;session id&gt;.json</c>: who it is, and where it listens.</summary>
/// <param name="StartTime">Proves, with the pid, which process this is (see <see cref="ProcessIdentity"/>).</param>
/// <param name="Control">The address of the control socket.</param>
/// <param name="StartedBy"><c>terminal</c> or <c>runner</c>.</param>
public sealed record ProcessState(string SessionId, int Pid, long StartTime, string Control, string Flavor, string Directory, string StartedBy, long StartedAt)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public ProcessIdentity Identity => new(Pid, StartTime);
}
