using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// What each fact does to a session. Facts always apply, in order. A fact of a superseded generation appends messages, closes requests and
/// stamps consumption, but never changes what belongs to the newer one.
/// </summary>
internal sealed class FactApplier(SessionEdit session, long generation)
{
    private const int MaxCompletedRequests = 200;
    private static readonly string[] s_kept = ["supersededBySessionId", "opencodeClearOperation", "name"];

    private bool Superseded => generation < session.Row.Generation;

    public void Apply(Fact fact)
    {
        switch (fact)
        {
            case MessageFact message:
                AddMessage(message);
                break;
            case MessagesConsumed consumed:
                session.Consume(consumed.LocalIds, consumed.At, consumed.Steered);
                break;
            case MessagesIndeterminate lost:
                SetDelivery(lost.LocalIds, "unknown");
                break;
            case MessagesRequeued again:
                SetDelivery(again.LocalIds, "accepted");
                break;
            case RequestClosed closed:
                Close(closed);
                break;
            case CommandAccepted accepted:
                Answer(accepted.Id, "accepted", null);
                break;
            case CommandRefused refused:
                Answer(refused.Id, "refused", refused.Code);
                break;
            case not null when !Superseded:
                ApplyOwn(fact);
                break;
        }
    }

    private void ApplyOwn(Fact fact)
    {
        switch (fact)
        {
            case SessionOpened opened:
                Open(opened);
                break;
            case MetadataPatch patch:
                session.ChangeMetadata(m => JsonObjects.Patch(m, Allowed(patch.Set), patch.Remove?.Except(s_kept).ToList()));
                break;
            case StatePatch patch:
                session.ChangeAgentState(s => JsonObjects.Patch(s, patch.Set?.Where(p => p.Key is not ("requests" or "completedRequests")).ToDictionary(), patch.Remove));
                break;
            case RequestOpened opened:
                OpenRequest(opened);
                break;
            case SessionEnded ended:
                End(ended);
                break;
        }
    }

    private void Open(SessionOpened opened)
    {
        var row = session.Row;
        (row.Generation, row.Flavor, row.MachineId, row.EndedAt) = (generation, opened.Flavor, opened.Machine.Id, null);
        (row.Model, row.Effort, row.PermissionMode) = (opened.Model ?? row.Model, opened.Effort ?? row.Effort, opened.PermissionMode ?? row.PermissionMode);
        session.ChangeMetadata(metadata =>
        {
            foreach (var (key, value) in JsonObjects.Parse(opened.Metadata))
            {
                if (!s_kept.Contains(key))
                {
                    metadata[key] = value?.DeepClone();
                }
            }

            metadata["flavor"] = opened.Flavor;
            metadata["machineId"] = opened.Machine.Id;
            metadata["lifecycleState"] = "running";
            metadata["lifecycleStateSince"] = opened.At;
            metadata.Remove("archivedBy");
            metadata.Remove("archiveReason");
        });
        session.ChangeAgentState(state =>
        {
            CancelAll(state, opened.At, "Session restarted");
            foreach (var (key, value) in JsonObjects.Parse(opened.AgentState))
            {
                state[key] = value?.DeepClone();
            }
        });
    }

    private void OpenRequest(RequestOpened opened) => session.ChangeAgentState(state =>
    {
        var request = new JsonObject { ["tool"] = opened.Tool, ["arguments"] = JsonObjects.Node(opened.Arguments), ["createdAt"] = opened.At };
        if (opened.Options is { Count: > 0 } options)
        {
            request["options"] = new JsonArray([.. options.Select(o => new JsonObject { ["id"] = o.Id, ["label"] = o.Label, ["kind"] = o.Kind })]);
        }

        Map(state, "requests")[opened.Id] = request;
    });

    private void Close(RequestClosed closed)
    {
        if (session.AgentState["requests"] is not JsonObject requests || requests[closed.Id] is null)
        {
            return;
        }

        session.ChangeAgentState(state =>
        {
            var done = Take(state, closed.Id, closed.Status, closed.At);
            Set(done, "reason", closed.Reason);
            Set(done, "mode", closed.Mode);
            Set(done, "decision", closed.Decision);
            Set(done, "by", closed.By);
            if (closed.AllowTools is { Count: > 0 } tools)
            {
                done["allowTools"] = new JsonArray([.. tools.Select(t => (JsonNode?)t)]);
            }

            if (closed.Answers is { } answers)
            {
                done["answers"] = JsonObjects.Node(answers);
            }
        });
    }

    private void End(SessionEnded ended)
    {
        var row = session.Row;
        row.EndedAt = ended.At;
        // Labels that the hub wrote when nobody answered stay: the session only ends what was archived already.
        session.ChangeMetadata(metadata =>
        {
            if (metadata.Text("lifecycleState") is not "archived")
            {
                metadata["lifecycleState"] = "archived";
                metadata["lifecycleStateSince"] = ended.At;
                metadata["archivedBy"] = ended.ArchivedBy;
                metadata["archiveReason"] = ended.ArchiveReason;
            }
        });
        session.ChangeAgentState(state => CancelAll(state, ended.At, "Session ended"));
        session.Publish(EventKinds.SessionEnded, ended.Reason, new SessionEndedEvent(row.Id, row.Namespace, ended.Reason), HubJson.Default.SessionEndedEvent);
    }

    private void AddMessage(MessageFact fact)
    {
        if (fact.LocalId is { } localId && MessageRows.FindLocal(session.Scope.Sql, session.Row.Id, localId) is not null)
        {
            return;
        }

        session.AddMessage(fact.Content, fact.At, fact.LocalId, waiting: false);
        if (Todos.From(fact.Content) is { } todos && fact.At > session.Row.TodosUpdatedAt && !Superseded)
        {
            (session.Row.Todos, session.Row.TodosUpdatedAt) = (todos, fact.At);
            session.Touch();
        }
    }

    private void SetDelivery(IReadOnlyList<string> localIds, string state)
    {
        foreach (var localId in localIds)
        {
            if (MessageRows.FindLocal(session.Scope.Sql, session.Row.Id, localId) is { InvokedAt: null } message)
            {
                session.SetDelivery(message, state);
                var (sid, ns) = (session.Row.Id, session.Row.Namespace);
                if (state is "unknown")
                {
                    session.Publish(EventKinds.Delivery, message.Id, new MessagesIndeterminateEvent(sid, ns, [localId]), HubJson.Default.MessagesIndeterminateEvent);
                }
                else
                {
                    session.Publish(EventKinds.Delivery, message.Id, new MessagesRequeuedEvent(sid, ns, [localId]), HubJson.Default.MessagesRequeuedEvent);
                }
            }
        }
    }

    private void Answer(string id, string state, string? code)
    {
        var sql = session.Scope.Sql;
        if (CommandRows.Find(sql, session.Row.Id, id) is not { State: "stored" or "sent" } command)
        {
            return;
        }

        CommandRows.SetState(sql, id, state, code, session.Scope.Now);
        if (command.Subject is { } subject && command.Command.Kind.StartsWith("message", StringComparison.Ordinal)
            && MessageRows.Find(sql, session.Row.Id, subject) is { InvokedAt: null } message)
        {
            switch (command.Command.Kind, state)
            {
                case (CommandKinds.MessageCancel, "accepted"):
                    session.RemoveWaiting(message);
                    break;
                case (CommandKinds.Message or CommandKinds.MessageRetry, _):
                    session.SetDelivery(message, state, code);
                    break;
            }
        }
    }

    private static Dictionary<string, RawJson>? Allowed(IReadOnlyDictionary<string, RawJson>? set) =>
        set?.Where(p => !s_kept.Contains(p.Key)).ToDictionary();

    private static void CancelAll(JsonObject state, long at, string reason)
    {
        foreach (var id in Map(state, "requests").Select(r => r.Key).ToList())
        {
            var done = Take(state, id, "canceled", at);
            done["reason"] = reason;
            done["decision"] = "abort";
        }
    }

    private static JsonObject Take(JsonObject state, string id, string status, long at)
    {
        var requests = Map(state, "requests");
        var done = (requests[id] as JsonObject)?.DeepClone() as JsonObject ?? [];
        requests.Remove(id);
        done["status"] = status;
        done["completedAt"] = at;
        var completed = Map(state, "completedRequests");
        completed[id] = done;
        while (completed.Count > MaxCompletedRequests)
        {
            completed.RemoveAt(0);
        }

        return done;
    }

    private static JsonObject Map(JsonObject state, string key)
    {
        if (state[key] is not JsonObject map)
        {
            state[key] = map = [];
        }

        return map;
    }

    private static void Set(JsonObject target, string key, string? value)
    {
        if (value is not null)
        {
            target[key] = value;
        }
    }
}
