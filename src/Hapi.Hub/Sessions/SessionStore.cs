using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>Why a session cannot be used by a caller.</summary>
internal enum Access
{
    Granted,
    Missing,
    Foreign,
}

internal enum ArchiveOutcome
{
    Archived,
    AlreadyArchived,
    NotRunning,
}

/// <summary>Sessions as the hub's own features read and change them.</summary>
internal sealed class SessionStore(HubReader reader, HubWriter writer, LiveSessions live, TimeProvider time)
{
    private static readonly TimeSpan s_archivePatience = TimeSpan.FromSeconds(2);

    public Task<IReadOnlyList<SessionSummary>> ListAsync(string @namespace, CancellationToken cancellationToken) => reader.ReadAsync<IReadOnlyList<SessionSummary>>(sql =>
        [.. SessionRows.List(sql, @namespace).Select(row => SessionViews.Summary(row, live.Of(row.Id), (0, null)))], cancellationToken);

    public Task<(Access Access, Session? Session)> FindAsync(string @namespace, string id, CancellationToken cancellationToken) => reader.ReadAsync(sql =>
    {
        var row = SessionRows.Find(sql, id);
        return row is null ? (Access.Missing, (Session?)null)
            : row.Namespace != @namespace ? (Access.Foreign, null)
            : (Access.Granted, SessionViews.Whole(row, live.Of(id)));
    }, cancellationToken);

    /// <summary>Changes one session in one unit of work; gives <paramref name="missing"/> when it is not there any more.</summary>
    public Task<T> EditAsync<T>(string id, T missing, Func<SessionEdit, T> change, CancellationToken cancellationToken) => writer.WriteAsync(scope =>
    {
        if (SessionRows.Find(scope.Sql, id) is not { } row)
        {
            return missing;
        }

        var edit = new SessionEdit(scope, row, live);
        var result = change(edit);
        edit.Save();
        return result;
    }, cancellationToken);

    /// <summary>A person's name for the session; it wins over every title.</summary>
    public Task<bool> RenameAsync(string id, string name, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        edit.ChangeMetadata(metadata => metadata["name"] = name);
        return true;
    }, cancellationToken);

    public Task<bool> SetSummaryAsync(string id, string text, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        edit.ChangeMetadata(metadata => metadata["summary"] = new System.Text.Json.Nodes.JsonObject { ["text"] = text, ["updatedAt"] = edit.Scope.Now });
        return true;
    }, cancellationToken);

    public Task<bool> PinAsync(string id, string mode, CancellationToken cancellationToken) => EditAsync(id, false, edit =>
    {
        edit.Row.Pin = mode;
        edit.Touch();
        return true;
    }, cancellationToken);

    /// <summary>Gives <see langword="false"/> for a session that is still active.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(scope =>
    {
        if (SessionRows.Find(scope.Sql, id) is not { } row)
        {
            return true;
        }

        if (SessionViews.IsActive(row, live.Of(id)))
        {
            return false;
        }

        SessionRows.Delete(scope.Sql, id);
        new SessionEdit(scope, row, live).Publish(EventKinds.SessionRemoved, null, new Contracts.Events.SessionRemoved(id, row.Namespace), HubJson.Default.SessionRemoved);
        scope.AfterCommit.Add(() => live.Forget(id));
        return true;
    }, cancellationToken);

    /// <summary>
    /// Asks the process to stop and waits briefly for its own word; when nobody answers, writes the hub's mark.
    /// The stop stays wanted: a session that returns gets it, and ends.
    /// </summary>
    public async Task<ArchiveOutcome> ArchiveAsync(string id, string by, CancellationToken cancellationToken)
    {
        var outcome = await EditAsync(id, ArchiveOutcome.NotRunning, edit =>
        {
            var state = JsonObjects.Parse(edit.Row.Metadata).Text("lifecycleState");
            if (edit.Row.EndedAt is not null || state is "archived")
            {
                return state is "archived" ? ArchiveOutcome.AlreadyArchived : ArchiveOutcome.NotRunning;
            }

            var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new StopCommand("User terminated"), LinkJson.Default.StopCommand);
            CommandRows.Insert(edit.Scope.Sql, id, new Command(Guid.CreateVersion7().ToString(), CommandKinds.Stop, edit.Scope.Now, new RawJson(body), by), null);
            edit.Scope.AfterCommit.Add(() => live.Of(id).Link?.Wake());
            return ArchiveOutcome.Archived;
        }, cancellationToken);
        if (outcome is not ArchiveOutcome.Archived)
        {
            return outcome;
        }

        if (live.Of(id).Link is not null)
        {
            await WaitForEndAsync(id, cancellationToken);
        }

        await EditAsync(id, false, edit =>
        {
            if (JsonObjects.Parse(edit.Row.Metadata).Text("lifecycleState") is "archived")
            {
                return false; // its own word came first
            }

            edit.Row.EndedAt = edit.Scope.Now;
            edit.ChangeMetadata(metadata =>
            {
                metadata["lifecycleState"] = "archived";
                metadata["lifecycleStateSince"] = edit.Scope.Now;
                metadata["archivedBy"] = "hub";
                metadata["archiveReason"] = "Archived from hub (CLI unreachable)";
            });
            return true;
        }, CancellationToken.None);
        return ArchiveOutcome.Archived;
    }

    private async Task WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(25), time);
        while (time.GetElapsedTime(begun) < s_archivePatience && await tick.WaitForNextTickAsync(cancellationToken))
        {
            if (await reader.ReadAsync(sql => SessionRows.Find(sql, id)?.EndedAt is not null, cancellationToken))
            {
                return;
            }
        }
    }
}
