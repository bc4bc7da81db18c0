using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Messages;
using Hapi.Hub.Events;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// Changes to one session inside one unit of work: the row is read once, changed in memory, and saved once with one event for all changes of it.
/// Messages are written as they come.
/// </summary>
internal sealed class SessionEdit(WriteScope scope, SessionRow row, LiveSessions live)
{
    private JsonObject? _metadata, _agentState;
    private bool _dirty, _visible;

    public SessionRow Row { get; } = row;

    public WriteScope Scope { get; } = scope;

    public void ChangeMetadata(Action<JsonObject> change)
    {
        change(_metadata ??= JsonObjects.Parse(Row.Metadata));
        Row.MetadataVersion++;
        Touch();
    }

    public void ChangeAgentState(Action<JsonObject> change)
    {
        change(_agentState ??= JsonObjects.Parse(Row.AgentState));
        Row.AgentStateVersion++;
        Touch();
    }

    public JsonObject AgentState => _agentState ??= JsonObjects.Parse(Row.AgentState);

    /// <summary>The row has changed, and clients see it.</summary>
    public void Touch() => _dirty = _visible = true;

    /// <summary>A person would call this activity: the list sorts by it.</summary>
    public void Activity(long at)
    {
        Row.UpdatedAt = Math.Max(Row.UpdatedAt, at);
        Touch();
    }

    /// <summary>Adds a row to the conversation.</summary>
    public ChatMessage AddMessage(RawJson content, long createdAt, string? localId, bool waiting, long? scheduledAt = null)
    {
        // A time in the future would sort before what is said next.
        createdAt = Math.Min(createdAt, Scope.Now);
        var message = new ChatMessage
        {
            Id = Guid.CreateVersion7().ToString(),
            Seq = ++Row.MessageSeq,
            LocalId = localId,
            Content = content,
            CreatedAt = createdAt,
            InvokedAt = waiting ? null : createdAt,
            ScheduledAt = scheduledAt,
            Delivery = waiting ? new Delivery("stored", Scope.Now) : null,
        };
        if (createdAt < Row.HeadAt)
        {
            Row.Epoch++; // it sorts before what clients have read: their cursors may miss it
        }

        Row.HeadAt = Math.Max(Row.HeadAt, createdAt);
        _dirty = true;
        MessageRows.Insert(Scope.Sql, Row.Id, message);
        Publish(EventKinds.Message, message.Id, new MessageReceived(Row.Id, Row.Namespace, message), HubJson.Default.MessageReceived);
        return message;
    }

    /// <summary>The agent has them: they take their place in the conversation now.</summary>
    public void Consume(IEnumerable<string> localIds, long at, bool? steered)
    {
        at = Math.Min(at, Scope.Now);
        foreach (var localId in localIds)
        {
            if (MessageRows.FindLocal(Scope.Sql, Row.Id, localId) is not { InvokedAt: null } message)
            {
                continue;
            }

            MessageRows.Invoke(Scope.Sql, Row.Id, message.Seq, at);
            Row.HeadAt = Math.Max(Row.HeadAt, at);
            Activity(at);
            Publish(EventKinds.Consumed, message.Id, new MessagesConsumedEvent(Row.Id, Row.Namespace, [localId], at, steered), HubJson.Default.MessagesConsumedEvent);
        }
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
        _dirty = true;
        Publish(EventKinds.Cancelled, $"{message.Id}|{message.LocalId}",
            new MessageCancelledEvent(Row.Id, Row.Namespace, message.Id, message.LocalId), HubJson.Default.MessageCancelledEvent);
    }

    /// <summary>Writes the row, if it has changed. To be called once, at the end of the unit.</summary>
    public void Save()
    {
        if (!_dirty)
        {
            return;
        }

        Row.Seq++;
        Row.Metadata = _metadata?.ToJsonString() ?? Row.Metadata;
        Row.AgentState = _agentState?.ToJsonString() ?? Row.AgentState;
        SessionRows.Update(Scope.Sql, Row);
        if (_visible)
        {
            Publish(EventKinds.Session, null, new SessionUpdated(Row.Id, Row.Namespace, SessionViews.Whole(Row, live.Of(Row.Id))), HubJson.Default.SessionUpdated);
        }
    }

    public void Publish<T>(string kind, string? reference, T wire, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : SyncEvent
    {
        var seq = EventRows.Append(Scope, Row.Namespace, Row.Id, null, kind, reference);
        Scope.Events.Add(new HubEvent(seq, Row.Namespace, Row.Id, null, wire.Type, JsonSerializer.SerializeToUtf8Bytes(wire, type)));
    }
}
