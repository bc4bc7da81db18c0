using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>
/// What each fact does to a session. Facts always apply, in order. A fact of a superseded generation appends messages, closes requests and
/// stamps consumption, but never changes what belongs to the newer one.
/// </summary>
internal sealed class FactApplier(SessionEdit session, long generation)
{
    /// <summary>The member of the metadata that says why a session could not be brought back.</summary>
    public const string ReopenError = "reopenError";

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
                Doubt(lost.LocalIds);
                break;
            case MessagesRequeued again:
                Requeue(again.LocalIds);
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
                Watched(() => Open(opened));
                break;
            case MetadataPatch patch:
                Watched(() => session.ChangeMetadata(m => CarryForward.Patch(m, patch.Set, patch.Remove)));
                session.Activity(fact.At);
                break;
            case StatePatch patch:
                string[] requests = [Requests.Open, Requests.Completed];
                session.ChangeAgentState(s => JsonObjects.Patch(s, Allowed(patch.Set, requests), patch.Remove?.Except(requests).ToList()));
                session.Activity(fact.At);
                break;
            case RequestOpened opened:
                session.ChangeAgentState(state => Requests.Add(state, opened));
                session.Activity(fact.At);
                break;
            case SessionReady:
                session.Row.ReadyGeneration = generation;
                session.Touch();
                session.Started();
                break;
            case SessionEnded ended:
                End(ended);
                break;
            case AuditFact noted:
                SessionAudit.Noted(session, noted);
                break;
        }
    }

    private void Open(SessionOpened opened)
    {
        var row = session.Row;
        SessionAudit.Opened(session, opened, generation);
        if (generation > row.Generation)
        {
            // They were meant for a process that is no more; this one must not die of an old stop.
            foreach (var kind in new[] { CommandKinds.Stop, CommandKinds.Abort, CommandKinds.PermissionAnswer })
            {
                CommandRows.ExpireFor(session.Scope.Sql, row.Id, kind, session.Scope.Now);
            }

            (row.StopWanted, row.InterruptedAt, row.OpenedAt) = (false, null, opened.At);
            ProcessEndRows.Forget(session.Scope.Sql, row.Namespace, row.Id, opened.At);
        }

        (row.Generation, row.Flavor, row.MachineId, row.EndedAt) = (generation, opened.Flavor, opened.Machine.Id, null);
        (row.Model, row.Effort, row.PermissionMode) = (opened.Model ?? row.Model, opened.Effort ?? row.Effort, opened.PermissionMode ?? row.PermissionMode);
        session.ChangeMetadata(metadata =>
        {
            CarryForward.Open(metadata, JsonObjects.Parse(opened.Metadata));
            metadata["flavor"] = opened.Flavor;
            metadata["machineId"] = opened.Machine.Id;
            metadata["lifecycleState"] = "running";
            metadata["lifecycleStateSince"] = opened.At;
            metadata.Remove("archivedBy");
            metadata.Remove("archiveReason");
            metadata.Remove(ReopenError);
        });
        session.ChangeAgentState(state =>
        {
            Requests.CancelAll(state, opened.At, "Session restarted");
            foreach (var (key, value) in JsonObjects.Parse(opened.AgentState))
            {
                if (key is not (Requests.Open or Requests.Completed))
                {
                    state[key] = value?.DeepClone();
                }
            }
        });
        session.Touch();
        session.Started();
        Interruptions.EndIfGone(session);
    }

    // Which conversation it is may be told at the start, or later.
    private void Watched(Action change)
    {
        var before = NativeIds.Of(session.Metadata, session.Row.Flavor);
        change();
        if (NativeIds.Of(session.Metadata, session.Row.Flavor) is { } now && now != before)
        {
            SessionMerge.Absorb(session);
        }
    }

    private void Close(RequestClosed closed)
    {
        if (Requests.Find(session.AgentState, Requests.Open, closed.Id) is { } request)
        {
            SessionAudit.Answered(session, closed, request.Text("tool"));
            session.ChangeAgentState(state => Requests.Close(state, closed));
            session.Activity(closed.At);
        }
    }

    private void End(SessionEnded ended)
    {
        SessionAudit.Ended(session, ended);
        if (generation == session.Row.FailedGeneration)
        {
            // What it was before this start is put back already, and stands.
            if (session.Row.EndedAt is null)
            {
                session.End(ended.Reason, ended.At);
            }

            return;
        }

        // Labels that the hub wrote when nobody answered stay: the session only ends what was archived already.
        if (session.Metadata.Text("lifecycleState") is not "archived")
        {
            session.ChangeMetadata(metadata =>
            {
                metadata["lifecycleState"] = "archived";
                metadata["lifecycleStateSince"] = ended.At;
                metadata["archivedBy"] = ended.ArchivedBy;
                metadata["archiveReason"] = ended.ArchiveReason;
            });
        }

        session.ChangeAgentState(state => Requests.CancelAll(state, ended.At, "Session ended"));
        session.End(ended.Reason, ended.At);
        Interruptions.Ended(session, ended);
    }

    private void AddMessage(MessageFact fact)
    {
        if (fact.LocalId is { } localId && MessageRows.FindLocal(session.Scope.Sql, session.Row.Id, localId) is not null)
        {
            return;
        }

        session.AddMessage(fact.Content, fact.At, fact.LocalId, waiting: false);
        if (!Superseded && Todos.From(fact.Content) is { } todos && fact.At > session.Row.TodosUpdatedAt)
        {
            session.SetTodos(todos, fact.At);
            session.Activity(fact.At);
        }
        else if (UserText.IsIn(fact.Content))
        {
            session.Activity(fact.At);
        }
    }

    private void Doubt(IReadOnlyList<string> localIds)
    {
        foreach (var message in Waiting(localIds))
        {
            session.SetDelivery(message, "unknown");
            session.Publish(EventKinds.Indeterminate, message.Id,
                new MessagesIndeterminateEvent(session.Row.Id, session.Row.Namespace, [message.LocalId!]), HubJson.Default.MessagesIndeterminateEvent);
        }
    }

    private void Requeue(IReadOnlyList<string> localIds)
    {
        foreach (var message in Waiting(localIds))
        {
            session.SetDelivery(message, "accepted");
            session.Publish(EventKinds.Requeued, message.Id,
                new MessagesRequeuedEvent(session.Row.Id, session.Row.Namespace, [message.LocalId!]), HubJson.Default.MessagesRequeuedEvent);
        }
    }

    private IEnumerable<Contracts.Messages.ChatMessage> Waiting(IReadOnlyList<string> localIds) =>
        localIds.Select(id => MessageRows.FindLocal(session.Scope.Sql, session.Row.Id, id)).OfType<Contracts.Messages.ChatMessage>().Where(m => m.InvokedAt is null);

    private void Answer(string id, string state, string? code)
    {
        var sql = session.Scope.Sql;
        if (CommandRows.Find(sql, session.Row.Id, id) is not { State: "stored" or "sent" or "expired" } command)
        {
            return;
        }

        CommandRows.SetState(sql, id, state, code, session.Scope.Now);
        if (state is "accepted")
        {
            ConfigAudit.Accepted(session, command);
        }

        session.Settled(id);
        if (command.Subject is not { } subject || MessageRows.Find(sql, session.Row.Id, subject) is not { InvokedAt: null } message)
        {
            return;
        }

        switch (command.Command.Kind, state)
        {
            case (CommandKinds.MessageCancel, "accepted"):
                session.RemoveWaiting(message);
                break;
            case (CommandKinds.MessageCancel, _) when code is CommandRefusals.Consumed or CommandRefusals.NotFound:
                // The queue of the process does not have it any more: it has gone to the agent, and must not vanish.
                session.Consume(message, session.Scope.Now);
                break;
            case (CommandKinds.MessageCancel, _) when code is CommandRefusals.Indeterminate:
                Doubt([message.LocalId!]);
                break;
            case (CommandKinds.MessageRetry, "accepted"):
                Requeue([message.LocalId!]);
                break;
            case (CommandKinds.MessageRetry, _) when code is CommandRefusals.Consumed:
                session.Consume(message, session.Scope.Now);
                break;
            case (CommandKinds.Message, _) when message.DeliveryState is null:
                session.SetDelivery(message, state, code);
                break;
        }
    }

    private static Dictionary<string, RawJson>? Allowed(IReadOnlyDictionary<string, RawJson>? set, string[] kept) =>
        set?.Where(p => !kept.Contains(p.Key)).ToDictionary();
}
