using System.Text.Json.Nodes;

namespace Hapi.Doctor;

/// <summary>What the cleanup did about one state file.</summary>
/// <param name="Kind"><c>session</c>, <c>runner</c> or <c>file</c>.</param>
/// <param name="Outcome">
/// <c>accepted</c>, <c>terminated</c>, <c>killed</c>: it is gone, and that was what it took. <c>already_gone</c>: only its file was left. <c>still_alive</c>: nothing helped.
/// <c>untouched</c>: it is not provably ours. <c>would-end</c>, <c>would-remove</c>: only with <c>--dry-run</c>.
/// </param>
internal sealed record CleanedProcess(string Kind, string Name, int? Pid, string Outcome, string? Why = null)
{
    public bool WasEnded => Outcome is "accepted" or "terminated" or "killed";

    public bool Failed => Outcome is "still_alive";

    public JsonObject ToJson() => new() { ["kind"] = Kind, ["name"] = Name, ["pid"] = Pid, ["outcome"] = Outcome, ["why"] = Why };
}
