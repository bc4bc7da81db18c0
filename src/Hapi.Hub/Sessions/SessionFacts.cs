using Hapi.Contracts.Link;
using Hapi.Hub.Link;
using Hapi.Hub.Machines;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>Facts of one session. Its first fact makes the row.</summary>
internal sealed class SessionFacts : IFactTarget
{
    private readonly WriteScope _scope;
    private readonly FactOwner _owner;
    private readonly long _generation;
    private readonly bool _heardBefore;
    private readonly MachineRegistry _machines;
    private readonly SessionEdits _edits;
    private SessionEdit? _edit;

    /// <exception cref="ForeignOwnerException">The session belongs to another namespace.</exception>
    public SessionFacts(WriteScope scope, FactOwner owner, long generation, bool heardBefore, MachineRegistry machines, SessionEdits edits)
    {
        (_scope, _owner, _generation, _heardBefore, _machines, _edits) = (scope, owner, generation, heardBefore, machines, edits);
        _edit = edits.Find(scope, owner.Id);
        if (_edit is { } edit && edit.Row.Namespace != owner.Namespace)
        {
            throw new ForeignOwnerException();
        }
    }

    public string? OpenedOn { get; private set; }

    public FactRefusal? Apply(Fact fact)
    {
        if (fact is MachineOpened or MachinePatch or ProcessStarted or ProcessDied or ProcessStopped)
        {
            return new("fact_not_of_role", "Only a runner tells that.");
        }

        if (fact is SessionOpened { Machine: var machine } opening)
        {
            if (!_machines.Register(_scope, _owner.Namespace, machine))
            {
                return new("machine_denied", "This machine belongs to another namespace.");
            }

            _edit ??= Create(opening);
            OpenedOn = machine.Id;
        }

        if (_edit is null)
        {
            return new(_heardBefore ? "session_deleted" : "session_not_opened", "There is no such session: its first fact opens it.");
        }

        new FactApplier(_edit, _generation).Apply(fact);
        return null;
    }

    private SessionEdit Create(SessionOpened opened) => _edits.Create(_scope, new SessionRow
    {
        Id = _owner.Id,
        Namespace = _owner.Namespace,
        Tag = opened.Tag,
        Flavor = opened.Flavor,
        CreatedAt = Math.Clamp(opened.At, 0, _scope.Now),
        UpdatedAt = _scope.Now,
        Metadata = "{}",
        AgentState = "{}",
    });
}
