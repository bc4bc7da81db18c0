using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>
/// What a process shows live. It waits for facts that arrived before it: a stream that has settled must not vanish from the screen
/// before its message is there. The newest value wins.
/// </summary>
internal sealed class LiveIntake(string sessionId, string @namespace, ISessionLink link, LinkServices services)
{
    private static readonly TimeSpan s_tellAfter = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private int _inFlight;
    private LiveUpdate? _waiting;
    private long _toldAt;

    /// <summary>Facts have arrived that are not applied yet.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _inFlight++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (--_inFlight == 0 && _waiting is { } update)
            {
                _waiting = null;
                Apply(update);
            }
        }
    }

    public void Show(LiveUpdate update)
    {
        lock (_gate)
        {
            if (_inFlight == 0)
            {
                Apply(update);
                return;
            }

            _waiting = _waiting is not { } older ? update : update with
            {
                Presence = update.Presence ?? older.Presence,
                Streams = update.Streams ?? older.Streams,
                Fault = update.Presence is null ? older.Fault : update.Fault,
            };
        }
    }

    /// <summary>Tells clients the values of the moment, all of them.</summary>
    public void Announce()
    {
        _toldAt = services.Now;
        if (services.Feed.IsFollowed(@namespace))
        {
            Publish(new SessionPatched(sessionId, @namespace, SessionViews.Presence(services.Live.Of(sessionId))), HubJson.Default.SessionPatched);
        }
    }

    private void Apply(LiveUpdate update)
    {
        var old = services.Live.Of(sessionId);
        if (old.Link != link)
        {
            return;
        }

        var now = services.Live.Change(sessionId, before => before with
        {
            Presence = update.Presence ?? before.Presence,
            Streams = update.Streams?.Where(s => s is { Id: not null, Text: not null }).ToList() ?? before.Streams,
            Fault = update.Presence is null ? before.Fault : update.Fault,
            SeenAt = services.Now,
        });
        if (update.Presence is { } presence)
        {
            ShowPresence(old, now, presence);
        }

        if (update.Streams is not null && services.Feed.IsFollowed(@namespace))
        {
            Publish(new MessageLive(sessionId, @namespace, now.Streams), HubJson.Default.MessageLive);
        }
    }

    private void ShowPresence(LiveSession old, LiveSession now, Presence presence)
    {
        var before = old.Presence;
        var whole = old.Fault != now.Fault || !Same(before?.AvailableModes, presence.AvailableModes) || !Same(before?.AvailableModels, presence.AvailableModels);
        var configured = before is null
            || (before.Model, before.Effort, before.ModelReasoningEffort, before.PermissionMode) != (presence.Model, presence.Effort, presence.ModelReasoningEffort, presence.PermissionMode);
        if (whole || configured)
        {
            _ = KeepAsync(before, presence, whole);
        }

        if (configured || before?.Thinking != presence.Thinking || before.TurnStartedAt != presence.TurnStartedAt || services.Now - _toldAt > s_tellAfter.TotalMilliseconds)
        {
            Announce();
        }
    }

    // How a session is set outlives its process; and what a patch cannot say is told as a whole.
    private async Task KeepAsync(Presence? before, Presence presence, bool whole)
    {
        try
        {
            await services.Writer.WriteAsync(scope =>
            {
                if (services.Edits.Find(scope, sessionId) is not { Row: var row } edit)
                {
                    return false;
                }

                // A process that does not know yet says nothing; one that knew before and says nothing now has gone back to its agent's choice.
                var model = presence.Model ?? (before?.Model is null ? row.Model : null);
                var effort = presence.Effort ?? (before?.Effort is null ? row.Effort : null);
                var reasoning = presence.ModelReasoningEffort ?? (before?.ModelReasoningEffort is null ? row.ModelReasoningEffort : null);
                var mode = presence.PermissionMode ?? row.PermissionMode;
                if (whole || (model, effort, reasoning, mode) != (row.Model, row.Effort, row.ModelReasoningEffort, row.PermissionMode))
                {
                    Audit.ConfigAudit.Observed(edit, mode, model, effort, reasoning);
                    (row.Model, row.Effort, row.ModelReasoningEffort, row.PermissionMode) = (model, effort, reasoning, mode);
                    edit.Touch();
                }

                return true;
            }, CancellationToken.None);
        }
        catch (Exception ex) when (ex is HubStoppingException or WriteConflictException or System.Data.Common.DbException)
        {
            // Presence comes again.
        }
    }

    private void Publish<T>(T wire, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : SyncEvent => services.Feed.Publish([HubEvent.Of(0, @namespace, sessionId, null, wire, type)]);

    private static bool Same<T>(IReadOnlyList<T>? left, IReadOnlyList<T>? right) => left is null ? right is null : right is not null && left.SequenceEqual(right);
}
