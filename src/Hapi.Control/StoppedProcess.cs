using Hapi.Processes;

namespace Hapi.Control;

/// <summary>The word of somebody who ended a session process, for the runner to pass on: the label the process wrote itself may not tell.</summary>
/// <param name="Reason">What the process was asked to record.</param>
/// <param name="Outcome"><c>terminated</c>, <c>killed</c>, or <c>already_gone</c>.</param>
/// <param name="By">Who: <c>doctor</c>.</param>
/// <param name="Why">Why, in a stable word: <c>doctor-clean</c>.</param>
public sealed record StoppedProcess(string SessionId, int Pid, long StartTime, string Reason, string Outcome, string By, string Why, long At)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public ProcessIdentity Identity => new(Pid, StartTime);
}
