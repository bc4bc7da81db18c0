using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Contracts.Messages;
using Hapi.Hub.Audit;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Commands;

/// <summary>Where wishes become durable commands: the row is committed before anybody is told yes.</summary>
internal sealed class CommandDesk(SessionStore sessions, HubReader reader, LiveSessions live, EventFeed feed, Waiters waiters)
{
    private static readonly TimeSpan s_cancelPatience = TimeSpan.FromMilliseconds(500), s_configPatience = TimeSpan.FromSeconds(2);

    /// <summary>A message for the agent. The same local id twice is one message.</summary>
    public async Task<SendOutcome> SendAsync(string sessionId, RawJson content, string? localId, long? scheduledAt, string by, CancellationToken cancellationToken)
    {
        var known = localId ?? Guid.CreateVersion7().ToString();
        var (ended, again) = await sessions.EditAsync(sessionId, (true, (HubEvent?)null), edit =>
        {
            if (edit.Row.EndedAt is not null)
            {
                return (true, null);
            }

            var (id, ns) = (edit.Row.Id, edit.Row.Namespace);
            if (MessageRows.FindLocal(edit.Scope.Sql, sessionId, known) is { } stored)
            {
                return (false, HubEvent.Of(0, ns, id, null, new MessageReceived(id, ns, stored), HubJson.Default.MessageReceived));
            }

            var message = edit.AddMessage(content, edit.Scope.Now, known, waiting: true, scheduledAt);
            edit.Activity(edit.Scope.Now);
            if (scheduledAt is null or <= 0 || scheduledAt <= edit.Scope.Now)
            {
                Deliver(edit, message, by);
            }
            else
            {
                edit.Restir();
            }

            return (false, null);
        }, cancellationToken);
        if (again is not null)
        {
            feed.Publish([again]); // who sends again may have missed it
        }

        return ended ? SendOutcome.Ended : OutcomeFor(sessionId);
    }

    /// <summary>Hands a stored message on.</summary>
    public void Deliver(SessionEdit edit, ChatMessage message, string? by)
    {
        var body = new MessageCommand(message.Id, message.LocalId, message.Seq, message.CreatedAt, message.Content, message.ScheduledAt);
        Insert(edit, CommandKinds.Message, JsonSerializer.SerializeToUtf8Bytes(body, LinkJson.Default.MessageCommand), message.Id, by);
    }

    /// <summary>A person's answer to a request. Of two phones, the first wins and the second is told who did.</summary>
    public async Task<(AnswerOutcome Outcome, WinningAnswer? Winner)> AnswerAsync(string sessionId, PermissionAnswerCommand answer, Asker asker, CancellationToken cancellationToken)
    {
        var result = await sessions.EditAsync(sessionId, (AnswerOutcome.Unknown, (WinningAnswer?)null), edit =>
        {
            if (Requests.Find(edit.AgentState, Requests.Open, answer.RequestId) is null)
            {
                return Requests.Find(edit.AgentState, Requests.Completed, answer.RequestId) is { } done
                    ? (AnswerOutcome.AlreadyAnswered, new(done.Text("decision") ?? done.Text("status") ?? "", done.Text("by")))
                    : (edit.Row.EndedAt is not null ? AnswerOutcome.Ended : AnswerOutcome.Unknown, null);
            }

            if (edit.Row.EndedAt is not null)
            {
                return (AnswerOutcome.Ended, null);
            }

            if (answer.Mode is { } mode && live.Of(sessionId).Presence?.AvailableModes is { } offered && !offered.Any(m => m.Id == mode))
            {
                return (AnswerOutcome.ModeNotOffered, null);
            }

            if (CommandRows.About(edit.Scope.Sql, sessionId, CommandKinds.PermissionAnswer, answer.RequestId) is { State: "stored" or "sent" or "accepted" } earlier)
            {
                var first = JsonSerializer.Deserialize(earlier.Command.Body.Utf8.Span, LinkJson.Default.PermissionAnswerCommand);
                return (AnswerOutcome.AlreadyAnswered, new(first?.Decision ?? (first?.Approved is true ? "approved" : "denied"), earlier.Command.By));
            }

            Insert(edit, CommandKinds.PermissionAnswer, JsonSerializer.SerializeToUtf8Bytes(answer, LinkJson.Default.PermissionAnswerCommand), answer.RequestId, asker.Name, asker: asker);
            return (AnswerOutcome.Stored, null);
        }, cancellationToken);
        return result.Item1 is AnswerOutcome.Stored && live.Of(sessionId).Link is null ? (AnswerOutcome.Pending, null) : result;
    }

    public async Task<SendOutcome> AbortAsync(string sessionId, string reason, string by, CancellationToken cancellationToken)
    {
        var ended = await WantAsync(sessionId, CommandKinds.Abort, JsonSerializer.SerializeToUtf8Bytes(new AbortCommand(reason), LinkJson.Default.AbortCommand), by, NewId(), cancellationToken);
        return ended ? SendOutcome.Ended : OutcomeFor(sessionId);
    }

    /// <summary>Changes how a session is set. A process within reach is given a moment to refuse.</summary>
    public async Task<(SendOutcome Outcome, string? Refusal)> ConfigureAsync(string sessionId, ConfigSetCommand config, Asker asker, CancellationToken cancellationToken)
    {
        var id = NewId();
        using var answered = waiters.Expect(Waiters.CommandOf(id));
        if (await WantAsync(sessionId, CommandKinds.ConfigSet, JsonSerializer.SerializeToUtf8Bytes(config, LinkJson.Default.ConfigSetCommand), asker.Name, id, cancellationToken, asker))
        {
            return (SendOutcome.Ended, null);
        }

        if (live.Of(sessionId).Link is null)
        {
            return (SendOutcome.Pending, null);
        }

        await answered.WaitAsync(s_configPatience, cancellationToken);
        var row = await reader.ReadAsync(sql => CommandRows.Find(sql, sessionId, id), cancellationToken);
        return row?.State switch
        {
            "refused" => (SendOutcome.Refused, row.Code),
            "accepted" => (SendOutcome.Stored, null),
            _ => (SendOutcome.Pending, null),
        };
    }

    /// <summary>Takes a waiting message back. It is gone only when nobody can have it: the process says so, or never got it.</summary>
    public async Task<(CancelOutcome Outcome, ChatMessage? Message)> CancelAsync(string sessionId, string idOrLocalId, string by, CancellationToken cancellationToken)
    {
        var id = NewId();
        using var answered = waiters.Expect(Waiters.CommandOf(id));
        var (outcome, message, asked) = await sessions.EditAsync(sessionId, (CancelOutcome.Cancelled, (ChatMessage?)null, false), edit =>
        {
            var sql = edit.Scope.Sql;
            if (MessageRows.Find(sql, sessionId, idOrLocalId) is not { } found)
            {
                return (CancelOutcome.Cancelled, null, false);
            }

            if (found.InvokedAt is not null)
            {
                return (CancelOutcome.Invoked, found, false);
            }

            var delivery = CommandRows.About(sql, sessionId, CommandKinds.Message, found.Id);
            var body = JsonSerializer.SerializeToUtf8Bytes(new MessageCancelCommand(found.Id, found.LocalId), LinkJson.Default.MessageCancelCommand);
            var nobody = delivery is null or { State: "stored" or "refused" or "cancelled" };
            if (nobody || edit.Row.EndedAt is not null)
            {
                if (delivery is { State: "stored" or "sent" })
                {
                    CommandRows.SetState(sql, delivery.Command.Id, "cancelled", null, edit.Scope.Now);
                }

                if (!nobody)
                {
                    // The next process of the session finds it in its inbox, and must not run it.
                    Insert(edit, CommandKinds.MessageCancel, body, found.Id, by, id);
                }

                edit.RemoveWaiting(found);
                return (CancelOutcome.Cancelled, found, false);
            }

            Insert(edit, CommandKinds.MessageCancel, body, found.Id, by, id);
            return (CancelOutcome.Busy, found, true);
        }, cancellationToken);
        if (!asked || live.Of(sessionId).Link is null)
        {
            return (outcome, message);
        }

        await answered.WaitAsync(s_cancelPatience, cancellationToken);
        var now = await reader.ReadAsync(sql => MessageRows.Find(sql, sessionId, message!.Id), cancellationToken);
        return now switch
        {
            null => (CancelOutcome.Cancelled, message),
            { InvokedAt: not null } => (CancelOutcome.Invoked, now),
            _ => (CancelOutcome.Busy, now),
        };
    }

    /// <summary>Tries a message of unknown outcome once more, when the process says that its agent never got it.</summary>
    public async Task<(RetryOutcome Outcome, ChatMessage? Message)> RetryAsync(string sessionId, string idOrLocalId, string by, CancellationToken cancellationToken)
    {
        var id = NewId();
        using var answered = waiters.Expect(Waiters.CommandOf(id));
        var (outcome, message) = await sessions.EditAsync(sessionId, (RetryOutcome.NotFound, (ChatMessage?)null), edit =>
        {
            if (MessageRows.Find(edit.Scope.Sql, sessionId, idOrLocalId) is not { } found)
            {
                return (RetryOutcome.NotFound, null);
            }

            if (found.InvokedAt is not null || found.DeliveryState is null)
            {
                return (found.InvokedAt is null ? RetryOutcome.AlreadyQueued : RetryOutcome.Invoked, found);
            }

            // Without a process nobody can say whether it ran, and another retry may be under way.
            if (edit.Row.EndedAt is not null || live.Of(sessionId).Link is null
                || CommandRows.About(edit.Scope.Sql, sessionId, CommandKinds.MessageRetry, found.Id) is { State: "stored" or "sent" })
            {
                return (RetryOutcome.Unavailable, found);
            }

            var body = new MessageRetryCommand(found.Id, found.LocalId, found.CreatedAt, found.Content);
            Insert(edit, CommandKinds.MessageRetry, JsonSerializer.SerializeToUtf8Bytes(body, LinkJson.Default.MessageRetryCommand), found.Id, by, id);
            return (RetryOutcome.Retried, found);
        }, cancellationToken);
        if (outcome is not RetryOutcome.Retried)
        {
            return (outcome, message);
        }

        await answered.WaitAsync(s_cancelPatience, cancellationToken);
        var (now, command) = await reader.ReadAsync(sql => (MessageRows.Find(sql, sessionId, message!.Id), CommandRows.Find(sql, sessionId, id)), cancellationToken);
        return now switch
        {
            null => (RetryOutcome.NotFound, null),
            { InvokedAt: not null } => (RetryOutcome.Invoked, now),
            _ => (command?.State is "accepted" ? RetryOutcome.Retried : RetryOutcome.Unavailable, now),
        };
    }

    // Gives whether the session has ended; then nothing is stored.
    private Task<bool> WantAsync(string sessionId, string kind, byte[] body, string by, string id, CancellationToken cancellationToken, Asker? asker = null) => sessions.EditAsync(sessionId, true, edit =>
    {
        if (edit.Row.EndedAt is not null)
        {
            return true;
        }

        Insert(edit, kind, body, null, by, id, asker);
        return false;
    }, cancellationToken);

    private SendOutcome OutcomeFor(string sessionId) => live.Of(sessionId).Link is null ? SendOutcome.Pending : SendOutcome.Stored;

    // A command that a link is about to take counts as sent from the start: from "stored" follows that no process can have it.
    private void Insert(SessionEdit edit, string kind, byte[] body, string? subject, string? by, string? id = null, Asker? asker = null)
    {
        var linked = live.Of(edit.Row.Id).Link is not null;
        CommandRows.Insert(edit.Scope.Sql, edit.Row.Id, new Command(id ?? NewId(), kind, edit.Scope.Now, new RawJson(body), by), subject, linked ? "sent" : "stored", asker);
        edit.Wake();
    }

    private static string NewId() => Guid.CreateVersion7().ToString();
}
