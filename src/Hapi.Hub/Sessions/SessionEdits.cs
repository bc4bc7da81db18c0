using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>Opens sessions for changes inside a transaction. Units that change the same session share one edit: its row is read and written once.</summary>
internal sealed class SessionEdits(LiveSessions live, SessionIndex index, Waiters waiters)
{
    public LiveSessions Live => live;

    public SessionIndex Index => index;

    public Waiters Waiters => waiters;

    /// <summary>Called inside the transaction before a row is written: where a test lets another writer come between.</summary>
    public Action<SessionEdit>? Saving { get; set; }

    public SessionEdit? Find(WriteScope scope, string id)
    {
        if (scope.Shared.TryGetValue(Key(id), out var known))
        {
            return ((SessionEdit)known) is { Removed: false } edit ? edit : null;
        }

        return SessionRows.Find(scope.Sql, id) is { } row ? Share(scope, new SessionEdit(scope, row, this, added: false)) : null;
    }

    public SessionEdit Create(WriteScope scope, SessionRow row)
    {
        SessionRows.Insert(scope.Sql, row);
        return Share(scope, new SessionEdit(scope, row, this, added: true));
    }

    private static SessionEdit Share(WriteScope scope, SessionEdit edit)
    {
        scope.Shared[Key(edit.Row.Id)] = edit;
        scope.BeforeCommit.Add(edit.Save);
        return edit;
    }

    private static string Key(string id) => "session:" + id;
}
