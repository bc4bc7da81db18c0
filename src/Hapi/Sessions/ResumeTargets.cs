using Hapi.Contracts.Sessions;
using Hapi.Control;
using Hapi.Hubs;
using Hapi.Session.Records;
using Hapi.Settings;

namespace Hapi.Sessions;

/// <summary>The sessions there are to go on with: those the hub knows, and those that ran here, which need no hub.</summary>
internal static class ResumeTargets
{
    /// <summary>Newest first. Those of other machines are among them, so that somebody who names one hears why it cannot be.</summary>
    /// <param name="hub"><see langword="null"/> when no hub answers.</param>
    public static async Task<IReadOnlyList<ResumeTarget>> FindAsync(HapiHome home, HubClient? hub, CancellationToken cancellationToken)
    {
        var live = new RunningSessions(home.Folder).List().ToDictionary(s => s.SessionId, StringComparer.OrdinalIgnoreCase);
        var known = hub is null ? [] : await hub.SessionsAsync(cancellationToken);
        var here = new SessionRecords(home.Folder).List().Where(r => !known.Any(s => s.Id == r.Record.SessionId));
        return
        [
            .. known.Select(s => OfHub(s, live.GetValueOrDefault(s.Id)))
                .Concat(here.Select(r => OfHome(r.Record, r.WrittenAt, home.MachineIdOrNull(), live.GetValueOrDefault(r.Record.SessionId))))
                .OrderByDescending(t => t.At),
        ];
    }

    private static ResumeTarget OfHub(SessionSummary session, ProcessState? live) => new(
        session.Id, session.Metadata?.Flavor, session.Metadata?.Path, session.Metadata?.MachineId, session.Metadata?.Host, SessionWords.State(session),
        session.Metadata?.Name, session.Metadata?.Summary?.Text, session.Metadata?.AgentSessionId, session.UpdatedAt, session.Active, live);

    private static ResumeTarget OfHome(SessionRecord record, DateTimeOffset at, string? machineId, ProcessState? live) => new(
        record.SessionId, record.Flavor, record.Directory, machineId, HapiHome.HostName, live is not null ? "running" : record.ArchiveReason is { } reason ? $"ended: {reason}" : "ended", null, Path.GetFileName(record.Directory.TrimEnd('/', '\\')), record.NativeSessionId,
        record.EndedAt ?? at.ToUnixTimeMilliseconds(), false, live);
}
