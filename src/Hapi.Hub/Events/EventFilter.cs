namespace Hapi.Hub.Events;

/// <summary>Which events a connection wants. The filters are joined by "or"; with none, only what is for everybody arrives.</summary>
internal sealed record EventFilter(string Namespace, bool All, string? SessionId, string? MachineId)
{
    private const string MessageReceived = "message-received", ScheduledMatured = "scheduled-matured";

    public bool Wants(HubEvent e) => e.Namespace == Namespace && (All
        || (e.SessionId is not null && e.SessionId == SessionId)
        || (e.MachineId is not null && e.MachineId == MachineId && e.Type is not (MessageReceived or ScheduledMatured)));

    /// <summary>Whether anything of a session is wanted, whatever its machine.</summary>
    public bool WantsSession(string id) => All || id == SessionId;
}
