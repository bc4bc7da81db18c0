using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>Facts of one machine's runner: what the machine is, and what became of the processes on it.</summary>
internal sealed class MachineFacts : IFactTarget
{
    private readonly WriteScope _scope;
    private readonly FactOwner _owner;
    private readonly long _generation;
    private readonly MachineRegistry _registry;
    private readonly SessionEdits _edits;

    /// <exception cref="ForeignOwnerException">The machine belongs to another namespace.</exception>
    public MachineFacts(WriteScope scope, FactOwner owner, long generation, MachineRegistry registry, SessionEdits edits)
    {
        (_scope, _owner, _generation, _registry, _edits) = (scope, owner, generation, registry, edits);
        if (Row is { } row && row.Namespace != owner.Namespace)
        {
            throw new ForeignOwnerException();
        }
    }

    public string? OpenedOn { get; private set; }

    private MachineRow? Row => MachineRows.Find(_scope.Sql, _owner.Id);

    public FactRefusal? Apply(Fact fact)
    {
        switch (fact)
        {
            case MachineOpened opened when opened.Machine.Id != _owner.Id:
                return new("invalid_fact", "A runner opens its own machine.");
            case MachineOpened opened:
                Opening(opened);
                _registry.Open(_scope, _owner.Namespace, opened, _generation);
                OpenedOn = _owner.Id;
                return null;
            case AuditFact:
                return null;
            case not (MachinePatch or ProcessStarted or ProcessDied or ProcessStopped):
                return new("fact_not_of_role", "A runner does not tell that.");
            case var _ when Row is null:
                return new("machine_not_opened", "There is no such machine: its first fact opens it.");
            case MachinePatch patch:
                Stopping(patch);
                _registry.Patch(_scope, Row!, patch, _generation);
                return null;
            case ProcessStarted started:
                return Find(started.SessionId).Refusal;
            case ProcessDied died:
                return Note(died.SessionId, died.Pid, died.At, stopped: false, gone: true, () => ProcessAudit.Died(_scope, _owner.Namespace, _owner.Id, Name, died));
            default:
                var stopped = (ProcessStopped)fact;
                return Note(stopped.SessionId, stopped.Pid, stopped.At, stopped: true, gone: stopped.Outcome is not "still_alive",
                    () => ProcessAudit.Stopped(_scope, _owner.Namespace, _owner.Id, Name, stopped));
        }
    }

    private string? Name => Row is { } row ? JsonObjects.Parse(row.Metadata) is var metadata ? metadata.Text("displayName") ?? metadata.Text("host") : null : null;

    private void Opening(MachineOpened opened)
    {
        if (_generation > (Row?.Generation ?? 0))
        {
            var metadata = JsonObjects.Parse(opened.Machine.Metadata);
            ProcessAudit.RunnerStarted(_scope, _owner.Namespace, _owner.Id, Name ?? metadata.Text("host"), metadata.Text("happyCliVersion"));
        }
    }

    private void Stopping(MachinePatch patch)
    {
        if (patch.RunnerState is { } state && JsonObjects.Parse(state) is var now && now.Text("status") is "shutting-down"
            && JsonObjects.Parse(Row!.RunnerState ?? "{}").Text("status") is not "shutting-down")
        {
            ProcessAudit.RunnerStopped(_scope, _owner.Namespace, _owner.Id, Name, now.Text("shutdownSource"));
        }
    }

    // The word is kept also when the session is not known: what its process has left may come later.
    private FactRefusal? Note(string sessionId, long pid, long at, bool stopped, bool gone, Action audit)
    {
        var (edit, refusal) = Find(sessionId);
        if (refusal is not null)
        {
            return refusal;
        }

        audit();
        var process = new SessionProcess(_owner.Namespace, sessionId, _owner.Id, pid);
        if (stopped)
        {
            ProcessEndRows.Note(_scope.Sql, process, ProcessEndRows.Stopped, at);
        }

        if (gone)
        {
            ProcessEndRows.Note(_scope.Sql, process, ProcessEndRows.Gone, at);
        }

        if (edit is null)
        {
            return null;
        }

        if (stopped)
        {
            Interruptions.Stopped(edit, process);
        }

        if (Interruptions.Current(edit) == process)
        {
            Interruptions.EndIfGone(edit);
        }
        else if (gone)
        {
            edit.GoneUnopened();
        }

        return null;
    }

    private (SessionEdit? Edit, FactRefusal? Refusal) Find(string sessionId) => _edits.Find(_scope, sessionId) is not { } edit ? (null, null)
        : edit.Row.Namespace == _owner.Namespace ? (edit, null)
        : (null, new("session_denied", "This session belongs to another namespace."));
}
