namespace Hapi.Contracts.Link;

/// <summary>The <c>kind</c> member of each fact (docs/protocol/link.md).</summary>
public static class FactKinds
{
    public const string SessionOpened = "session.opened";
    public const string Message = "message";
    public const string MetadataPatch = "metadata.patch";
    public const string StatePatch = "state.patch";
    public const string RequestOpened = "request.opened";
    public const string RequestClosed = "request.closed";
    public const string MessagesConsumed = "messages.consumed";
    public const string MessagesRequeued = "messages.requeued";
    public const string MessagesIndeterminate = "messages.indeterminate";
    public const string CommandAccepted = "command.accepted";
    public const string CommandRefused = "command.refused";
    public const string SessionReady = "session.ready";
    public const string SessionEnded = "session.ended";
    public const string Audit = "audit";

    // Of a runner.
    public const string MachineOpened = "machine.opened";
    public const string MachinePatch = "machine.patch";
    public const string ProcessStarted = "process.started";
    public const string ProcessDied = "process.died";
    public const string ProcessStopped = "process.stopped";
}
