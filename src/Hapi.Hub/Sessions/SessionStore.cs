using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Audit;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

internal enum ArchiveOutcome
{
    Archived,
    AlreadyArchived,
    NotRunning,
}

/// <summary>Sessions as the hub's own features read and change them.</summary>
internal sealed class SessionStore(HubReader reader, HubWriter writer, SessionEdits edits, LiveSessions live, Waiters waiters)
{
    private const string Unreachable = "Archived from hub (CLI unreachable)";
    private static readonly TimeSpan s_archivePatience = TimeSpan.FromSeconds(2);

    /// <summary>A process has the session's link.</summary>
    public bool IsConnected(string id) => live.Of(id).Link is not null;

    public Task<Session?> FindAsync(string id, CancellationToken cancellationToken) =>
        reader.ReadAsync(sql => SessionRows.Find(sql, id) is { } row ? SessionViews.Whole(row, live.Of(id)) : null, cancellationToken);

    /// <summary>Changes one session in one unit of work; gives <paramref name="missing"/> when it is not there any more.</summary>
    public Task<T> EditAsync<T>(string id, T missing, Func<SessionEdit, T> change, CancellationToken cancellationToken) =>
        writer.WriteAsync(scope => edits.Find(scope, id) is { } edit ? change(edit) : missing, cancellationToken);

    /// <summary>A person's name for the session; it wins over every title.</summary>
    public Task<bool> RenameAsync(string id, string name, Asker asker, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        SessionAudit.Renamed(edit, asker, name);
        edit.ChangeMetadata(metadata => metadata["name"] = name);
        edit.Touch();
        return true;
    }, cancellationToken);

    public Task<bool> SetSummaryAsync(string id, string text, Asker asker, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        SessionAudit.Titled(edit, asker);
        edit.ChangeMetadata(metadata => metadata["summary"] = new JsonObject { ["text"] = text, ["updatedAt"] = edit.Scope.Now });
        edit.Touch();
        return true;
    }, cancellationToken);

    public Task<bool> PinAsync(string id, string mode, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        edit.Row.Pin = mode;
        edit.Touch();
        return true;
    }, cancellationToken);

    /// <summary>Gives <see langword="false"/> for a session that is still active.</summary>
    public Task<bool> DeleteAsync(string id, Asker asker, CancellationToken cancellationToken) => EditAsync(id, true, edit =>
    {
        if (SessionViews.IsActive(edit.Row.EndedAt, live.Of(id)))
        {
            return false;
        }

        SessionAudit.Deleted(edit, asker);
        edit.Remove();
        return true;
    }, cancellationToken);

    /// <summary>
    /// Asks the process to stop and waits briefly for its own word; when nobody answers, writes the hub's mark.
    /// The stop stays wanted: a session that returns gets it, and ends.
    /// </summary>
    public async Task<ArchiveOutcome> ArchiveAsync(string id, Asker asker, CancellationToken cancellationToken)
    {
        using var ended = waiters.Expect(Waiters.EndOf(id));
        var outcome = await EditAsync(id, ArchiveOutcome.NotRunning, edit =>
        {
            var archived = edit.Metadata.Text("lifecycleState") is "archived";
            if (edit.Row.EndedAt is not null && edit.Metadata.Text("lifecycleState") is not ("archived" or "running"))
            {
                return ArchiveOutcome.NotRunning;
            }

            Interruptions.Forbid(edit);
            if (!archived)
            {
                SessionAudit.Archived(edit, asker);
            }

            if (archived || edit.Row.EndedAt is not null)
            {
                // What died without a word has no labels yet.
                return archived ? ArchiveOutcome.AlreadyArchived : ArchiveOutcome.Archived;
            }

            var body = JsonSerializer.SerializeToUtf8Bytes(new StopCommand("User terminated"), LinkJson.Default.StopCommand);
            CommandRows.Insert(edit.Scope.Sql, id, new Command(Guid.CreateVersion7().ToString(), CommandKinds.Stop, edit.Scope.Now, new RawJson(body), asker.Name), null, asker: asker);
            edit.Wake();
            return ArchiveOutcome.Archived;
        }, cancellationToken);
        if (outcome is not ArchiveOutcome.Archived)
        {
            return outcome;
        }

        if (live.Of(id).Link is not null)
        {
            await ended.WaitAsync(s_archivePatience, cancellationToken);
        }

        await EditAsync(id, false, edit =>
        {
            if (edit.Metadata.Text("lifecycleState") is "archived")
            {
                return false; // its own word came first
            }

            SessionAudit.Marked(edit, Unreachable, asker.Name);
            edit.ChangeMetadata(metadata =>
            {
                metadata["lifecycleState"] = "archived";
                metadata["lifecycleStateSince"] = edit.Scope.Now;
                metadata["archivedBy"] = "hub";
                metadata["archiveReason"] = Unreachable;
            });
            edit.ChangeAgentState(state => Requests.CancelAll(state, edit.Scope.Now, "Session ended"));
            edit.End("terminated", edit.Row.EndedAt ?? edit.Scope.Now);
            return true;
        }, CancellationToken.None);
        return ArchiveOutcome.Archived;
    }
}
