namespace Hapi.Session.Control;

/// <summary>The state file of a running session, <c>HAPI_HOME/run/&lt;session id&gt;.json</c>: who it is, and where it listens.</summary>
/// <param name="StartTime">Proves, with the pid, which process this is (see <c>ProcessIdentity</c>).</param>
/// <param name="Control">The address of the control socket.</param>
public sealed record ProcessState(string SessionId, int Pid, long StartTime, string Control, string Flavor, string Directory, string StartedBy, long StartedAt);
