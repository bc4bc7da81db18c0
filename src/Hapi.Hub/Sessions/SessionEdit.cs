using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Messages;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Events;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// Changes to one session inside one transaction: the row is read once, changed in memory, and saved once with one event for all changes of it.
/// Messages are written as they come.
/// </summary>
internal sealed class SessionEdit(WriteScope scope, SessionRow row, SessionEdits edits, bool added)
{
    private JsonObject? _metadata, _agentState;
    private bool _counted, _whole, _metadataChanged, _agentStateChanged, _todosChanged, _active;

    public SessionRow Row { get; } = row;

    public WriteScope Scope { get; } = scope;

    public bool Removed { get; private set; }

    /// <summary>A process has the session's link.</summary>
    public bool IsConnected => Live.Of(Row.Id).Link is not null;

    public JsonObject Metadata => _metadata ??= JsonObjects.Parse(Row.Metadata);

    public JsonObject AgentState => _agentState ??= JsonObjects.Parse(Row.AgentState);

    public SessionEdits Edits => edits;

    private LiveSessions Live => edits.Live;

    public void ChangeMetadata(Action<JsonObject> change)
    {
        change(Metadata);
        Row.MetadataVersion++;
        _metadataChanged = true;
    }

    public void ChangeAgentState(Action<JsonObject> change)
    {
        change(AgentState);
        Row.AgentStateVersion++;
        _agentStateChanged = true;
    }

    public void SetTodos(string todos, long at)
    {
        (Row.Todos, Row.TodosUpdatedAt) = (todos, at);
        _todosChanged = true;
    }

    /// <summary>The row has changed in a way that clients see as a whole.</summary>
    public void Touch() => _whole = true;

    /// <summary>A person would call this activity: the list sorts by it.</summary>
    public void Activity(long at)
    {
        at = Math.Min(at, Scope.Now);
        if (at > Row.UpdatedAt)
        {
            Row.UpdatedAt = at;
            _active = true;
        }
    }

    /// <summary>
    /// Adds a row at the end of the conversation. The clock of a machine may differ from ours, and what happened during an outage comes late:
    /// the row keeps the time it happened, and takes its place after everything that clients have read.
    /// </summary>
    public ChatMessage AddMessage(RawJson content, long createdAt, string? localId, bool waiting, long? scheduledAt = null)
    {
        createdAt = Math.Clamp(createdAt, 0, Scope.Now);
        Row.HeadAt = Math.Max(Row.HeadAt, createdAt);
        var message = new ChatMessage
        {
            Id = Guid.CreateVersion7().ToString(),
            Seq = ++Row.MessageSeq,
            LocalId = localId,
            Content = content,
            CreatedAt = waiting ? Row.HeadAt : createdAt,
            InvokedAt = waiting ? null : Row.HeadAt,
            ScheduledAt = scheduledAt,
            Delivery = waiting ? new Delivery(scheduledAt is null && Live.Of(Row.Id).Link is not null ? "sent" : "stored", Scope.Now) : null,
        };
        _counted = true;
        MessageRows.Insert(Scope.Sql, Row.Id, message);
        var seq = Scope.Log.AppendMessage(Row.Namespace, Row.Id, message.Seq);
        Scope.Events.Add(HubEvent.Of(seq, Row.Namespace, Row.Id, null, new MessageReceived(Row.Id, Row.Namespace, message), HubJson.Default.MessageReceived));
        return message;
    }

    /// <summary>The agent has them: they take their place in the conversation now.</summary>
    public void Consume(IEnumerable<string> localIds, long at, bool? steered)
    {
        foreach (var localId in localIds)
        {
            if (MessageRows.FindLocal(Scope.Sql, Row.Id, localId) is { InvokedAt: null } message)
            {
                Consume(message, at, steered);
            }
        }
    }

    public void Consume(ChatMessage message, long at, bool? steered = null)
    {
        // It moves to the end of the conversation, after rows of a greater seq at the same time.
        at = Math.Max(Math.Min(at, Scope.Now), message.Seq < Row.MessageSeq ? Row.HeadAt + 1 : Row.HeadAt);
        MessageRows.Invoke(Scope.Sql, Row.Id, message.Seq, at);
        Row.HeadAt = at;
        _counted = true;
        Activity(at);
        Publish(EventKinds.Consumed, message.Id, new MessagesConsumedEvent(Row.Id, Row.Namespace, [message.LocalId!], at, steered), HubJson.Default.MessagesConsumedEvent);
    }

    public void SetDelivery(ChatMessage message, string state, string? code = null)
    {
        var delivery = new Delivery(state, Scope.Now, code);
        MessageRows.SetDelivery(Scope.Sql, Row.Id, message.Seq, delivery);
        Publish(EventKinds.Delivery, message.Id, new MessageDelivery(Row.Id, Row.Namespace, message.Id, message.LocalId, delivery), HubJson.Default.MessageDelivery);
    }

    public void RemoveWaiting(ChatMessage message)
    {
        MessageRows.Delete(Scope.Sql, Row.Id, message.Seq);
        Row.Epoch++;
        _counted = true;
        Publish(EventKinds.Cancelled, $"{message.Id}|{message.LocalId}",
            new MessageCancelledEvent(Row.Id, Row.Namespace, message.Id, message.LocalId), HubJson.Default.MessageCancelledEvent);
    }

    /// <summary>The session is over, whoever says so.</summary>
    public void End(string reason, long at)
    {
        Row.EndedAt = at;
        Touch();
        Publish(EventKinds.SessionEnded, reason, new SessionEndedEvent(Row.Id, Row.Namespace, reason), HubJson.Default.SessionEndedEvent);
        Scope.AfterCommit.Add(() => edits.Waiters.Settle(Waiters.EndOf(Row.Id)));
        Started();
    }

    /// <summary>A start has come to something: who waits for it looks.</summary>
    public void Started() => Scope.AfterCommit.Add(() => edits.Waiters.Settle(Waiters.StartOf(Row.Id)));

    /// <summary>A process of this session is gone that never opened it.</summary>
    public void GoneUnopened() => Scope.AfterCommit.Add(() => edits.Waiters.Settle(Waiters.GoneOf(Row.Id)));

    /// <summary>Takes the session out of the store, with all that hangs on it.</summary>
    public void Remove()
    {
        Removed = true;
        SessionRows.Delete(Scope.Sql, Row.Id);
        ProcessEndRows.Forget(Scope.Sql, Row.Namespace, Row.Id, long.MaxValue);
        Publish(EventKinds.SessionRemoved, null, new SessionRemoved(Row.Id, Row.Namespace), HubJson.Default.SessionRemoved);
        Scope.AfterCommit.Add(() =>
        {
            edits.Index.Forget(Row.Id);
            Live.Forget(Row.Id);
        });
    }

    public void Settled(string commandId) => Scope.AfterCommit.Add(() => edits.Waiters.Settle(Waiters.CommandOf(commandId)));

    /// <summary>What the list shows has changed, though the row has not.</summary>
    public void Restir() => _counted = true;

    /// <summary>There are commands for the process.</summary>
    public void Wake() => Scope.AfterCommit.Add(() => Live.Of(Row.Id).Link?.Wake());

    /// <summary>Writes the row, if it has changed. Called once, at the end of the transaction.</summary>
    public void Save()
    {
        var visible = added || _whole || _metadataChanged || _agentStateChanged || _todosChanged || _active;
        if (Removed || !(visible || _counted))
        {
            return;
        }

        edits.Saving?.Invoke(this);
        Row.Seq++;
        if (added || _whole || _metadataChanged || _agentStateChanged || _todosChanged)
        {
            Row.Metadata = _metadataChanged ? JsonObjects.Text(Metadata) : Row.Metadata;
            Row.AgentState = _agentStateChanged ? JsonObjects.Text(AgentState) : Row.AgentState;
            SessionRows.Update(Scope.Sql, Row);
        }
        else
        {
            SessionRows.UpdateCounters(Scope.Sql, Row);
        }

        if (visible)
        {
            Announce();
            Scope.AfterCommit.Add(() => edits.Index.Note(Row));
        }
        else
        {
            Scope.AfterCommit.Add(() => edits.Index.Stir(Row.Id));
        }
    }

    public void Publish<T>(string kind, string? reference, T wire, JsonTypeInfo<T> type)
        where T : SyncEvent
    {
        var seq = Scope.Log.Append(Row.Namespace, Row.Id, null, kind, reference);
        Scope.Events.Add(HubEvent.Of(seq, Row.Namespace, Row.Id, null, wire, type));
    }

    private void Announce()
    {
        if (added)
        {
            Publish(EventKinds.Session, null, new SessionAdded(Row.Id, Row.Namespace, SessionViews.Whole(Row, Live.Of(Row.Id))), HubJson.Default.SessionAdded);
        }
        else if (_whole)
        {
            Publish(EventKinds.Session, null, new SessionUpdated(Row.Id, Row.Namespace, SessionViews.Whole(Row, Live.Of(Row.Id))), HubJson.Default.SessionUpdated);
        }
        else
        {
            // The documents may be large, and most changes touch one of them.
            var patch = new SessionPatch
            {
                UpdatedAt = _active ? Row.UpdatedAt : null,
                Metadata = _metadataChanged ? new(Row.MetadataVersion, JsonObjects.Raw(Row.Metadata)) : null,
                AgentState = _agentStateChanged ? new(Row.AgentStateVersion, JsonObjects.Raw(Row.AgentState)) : null,
                Todos = _todosChanged ? new(Row.TodosUpdatedAt, JsonObjects.Raw(Row.Todos!)) : null,
            };
            Publish(EventKinds.Session, null, new SessionPatched(Row.Id, Row.Namespace, patch), HubJson.Default.SessionPatched);
        }
    }
}
