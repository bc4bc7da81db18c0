using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Messages;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Commands;

internal enum SendOutcome
{
    Stored,

    /// <summary>Stored; the process is out of reach and gets it when it is back.</summary>
    Pending,
    Ended,
}

internal enum AnswerOutcome
{
    Stored,
    Pending,
    Ended,
    Unknown,
    AlreadyAnswered,
}

internal enum CancelOutcome
{
    Cancelled,
    Invoked,
    Busy,
}

/// <summary>What won when a request was answered before.</summary>
internal sealed record WinningAnswer(string Decision, string? By);

/// <summary>Where wishes become durable commands: the row is committed before anybody is told yes.</summary>
internal sealed class CommandDesk(SessionStore sessions, HubReader reader, LiveSessions live, TimeProvider time)
{
    private static readonly TimeSpan s_cancelPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>A message for the agent. The same local id twice is one message.</summary>
    public async Task<SendOutcome> SendAsync(string sessionId, RawJson content, string? localId, long? scheduledAt, string by, CancellationToken cancellationToken)
    {
        var ended = await sessions.EditAsync(sessionId, true, edit =>
        {
            if (edit.Row.EndedAt is not null)
            {
                return true;
            }

            if (localId is not null && MessageRows.FindLocal(edit.Scope.Sql, sessionId, localId) is not null)
            {
                return false;
            }

            var known = localId ?? Guid.CreateVersion7().ToString();
            var message = edit.AddMessage(content, edit.Scope.Now, known, waiting: true, scheduledAt);
            edit.Activity(edit.Scope.Now);
            if (scheduledAt is null)
            {
                Deliver(edit, message, by);
            }

            return false;
        }, cancellationToken);
        return ended ? SendOutcome.Ended : live.Of(sessionId).Link is null ? SendOutcome.Pending : SendOutcome.Stored;
    }

    /// <summary>Hands a stored message on.</summary>
    public void Deliver(SessionEdit edit, ChatMessage message, string? by)
    {
        var body = new MessageCommand(message.Id, message.LocalId, message.Seq, message.CreatedAt, message.Content, message.ScheduledAt);
        Insert(edit, CommandKinds.Message, JsonSerializer.SerializeToUtf8Bytes(body, LinkJson.Default.MessageCommand), message.Id, by);
    }

    /// <summary>A person's answer to a request. Of two phones, the first wins and the second is told who did.</summary>
    public async Task<(AnswerOutcome Outcome, WinningAnswer? Winner)> AnswerAsync(string sessionId, PermissionAnswerCommand answer, string by, CancellationToken cancellationToken)
    {
        var result = await sessions.EditAsync(sessionId, (AnswerOutcome.Unknown, (WinningAnswer?)null), edit =>
        {
            if (edit.AgentState["completedRequests"]?[answer.RequestId] is JsonObject done)
            {
                return (AnswerOutcome.AlreadyAnswered, new(done.Text("decision") ?? done.Text("status") ?? "", done.Text("by")));
            }

            if (edit.Row.EndedAt is not null)
            {
                return (AnswerOutcome.Ended, null);
            }

            if (edit.AgentState["requests"]?[answer.RequestId] is null)
            {
                return (AnswerOutcome.Unknown, null);
            }

            if (CommandRows.About(edit.Scope.Sql, sessionId, CommandKinds.PermissionAnswer, answer.RequestId) is { State: "stored" or "sent" or "accepted" } earlier)
            {
                var first = JsonSerializer.Deserialize(earlier.Command.Body.Utf8.Span, LinkJson.Default.PermissionAnswerCommand);
                return (AnswerOutcome.AlreadyAnswered, new(first?.Decision ?? (first?.Approved is true ? "approved" : "denied"), earlier.Command.By));
            }

            Insert(edit, CommandKinds.PermissionAnswer, JsonSerializer.SerializeToUtf8Bytes(answer, LinkJson.Default.PermissionAnswerCommand), answer.RequestId, by);
            return (AnswerOutcome.Stored, null);
        }, cancellationToken);
        return result.Item1 is AnswerOutcome.Stored && live.Of(sessionId).Link is null ? (AnswerOutcome.Pending, null) : result;
    }

    public Task<SendOutcome> AbortAsync(string sessionId, string reason, string by, CancellationToken cancellationToken) =>
        WantAsync(sessionId, CommandKinds.Abort, JsonSerializer.SerializeToUtf8Bytes(new AbortCommand(reason), LinkJson.Default.AbortCommand), by, cancellationToken);

    public Task<SendOutcome> ConfigureAsync(string sessionId, ConfigSetCommand config, string by, CancellationToken cancellationToken) =>
        WantAsync(sessionId, CommandKinds.ConfigSet, JsonSerializer.SerializeToUtf8Bytes(config, LinkJson.Default.ConfigSetCommand), by, cancellationToken);

    /// <summary>Takes a waiting message back. It is gone only when nobody can have it: the process says so, or never got it.</summary>
    public async Task<(CancelOutcome Outcome, ChatMessage? Message)> CancelAsync(string sessionId, string idOrLocalId, string by, CancellationToken cancellationToken)
    {
        var (outcome, message, command) = await sessions.EditAsync(sessionId, (CancelOutcome.Cancelled, (ChatMessage?)null, (string?)null), edit =>
        {
            var sql = edit.Scope.Sql;
            if (MessageRows.Find(sql, sessionId, idOrLocalId) is not { } found)
            {
                return (CancelOutcome.Cancelled, null, null);
            }

            if (found.InvokedAt is not null)
            {
                return (CancelOutcome.Invoked, found, null);
            }

            var delivery = CommandRows.About(sql, sessionId, CommandKinds.Message, found.Id);
            if (delivery is null or { State: "stored" or "refused" or "expired" } || edit.Row.EndedAt is not null)
            {
                if (delivery is { State: "stored" })
                {
                    CommandRows.SetState(sql, delivery.Command.Id, "cancelled", null, edit.Scope.Now);
                }

                edit.RemoveWaiting(found);
                return (CancelOutcome.Cancelled, found, null);
            }

            var body = new MessageCancelCommand(found.Id, found.LocalId);
            return (CancelOutcome.Busy, found, Insert(edit, CommandKinds.MessageCancel, JsonSerializer.SerializeToUtf8Bytes(body, LinkJson.Default.MessageCancelCommand), found.Id, by));
        }, cancellationToken);
        return command is null ? (outcome, message) : await WaitForCancelAsync(sessionId, message!, command, cancellationToken);
    }

    private async Task<(CancelOutcome, ChatMessage?)> WaitForCancelAsync(string sessionId, ChatMessage message, string command, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10), time);
        while (time.GetElapsedTime(begun) < s_cancelPatience && await tick.WaitForNextTickAsync(cancellationToken))
        {
            var (answer, now) = await reader.ReadAsync(sql => (CommandRows.Find(sql, sessionId, command), MessageRows.Find(sql, sessionId, message.Id)), cancellationToken);
            if (now is null)
            {
                return (CancelOutcome.Cancelled, message);
            }

            if (now.InvokedAt is not null)
            {
                return (CancelOutcome.Invoked, now);
            }

            if (answer?.State is "refused")
            {
                return (CancelOutcome.Busy, now);
            }
        }

        return (CancelOutcome.Busy, message);
    }

    private async Task<SendOutcome> WantAsync(string sessionId, string kind, byte[] body, string by, CancellationToken cancellationToken)
    {
        var ended = await sessions.EditAsync(sessionId, true, edit =>
        {
            if (edit.Row.EndedAt is not null)
            {
                return true;
            }

            Insert(edit, kind, body, null, by);
            return false;
        }, cancellationToken);
        return ended ? SendOutcome.Ended : live.Of(sessionId).Link is null ? SendOutcome.Pending : SendOutcome.Stored;
    }

    private string Insert(SessionEdit edit, string kind, byte[] body, string? subject, string? by)
    {
        var id = Guid.CreateVersion7().ToString();
        CommandRows.Insert(edit.Scope.Sql, edit.Row.Id, new Command(id, kind, edit.Scope.Now, new RawJson(body), by), subject);
        edit.Scope.AfterCommit.Add(() => live.Of(edit.Row.Id).Link?.Wake());
        return id;
    }
}
