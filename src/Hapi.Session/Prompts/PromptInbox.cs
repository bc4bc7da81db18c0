using System.Text.Json;
using Hapi.Contracts.Link;
using Hapi.Link;

namespace Hapi.Session.Prompts;

/// <summary>
/// Messages to the agent, from the hub's hands to the agent's: each lies in the inbox on disk before it is accepted, is noted before it is given
/// to the agent and after, and so is given once. What a dead process may or may not have given is unknown, and waits for a person.
/// </summary>
internal sealed class PromptInbox(Outbox outbox, SessionLog log, PromptQueue queue, Func<PromptMode> mode)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Takes up what earlier processes of this session left.</summary>
    public async Task RecoverAsync()
    {
        var unknown = new List<(string LocalId, InboxChange Change)>();
        foreach (var left in outbox.Prompts())
        {
            if (Prompt.Read(left.CommandId, left.Body, mode()) is not { } prompt)
            {
                continue;
            }

            var state = left.State is InboxState.Dispatching ? InboxState.Indeterminate : left.State;
            _entries[prompt.MessageId] = new Entry(prompt, state);
            if (left.State is InboxState.Dispatching)
            {
                unknown.Add((prompt.LocalId, new InboxChange(prompt.CommandId, InboxState.Indeterminate)));
            }
            else if (left.State is InboxState.Accepted)
            {
                queue.Push(prompt);
            }
        }

        if (unknown.Count > 0)
        {
            await outbox.CommitAsync([new MessagesIndeterminate(log.Now, [.. unknown.Select(u => u.LocalId)])], [.. unknown.Select(u => u.Change)], CancellationToken.None);
        }
    }

    /// <summary>A new message. The same command again is only answered again.</summary>
    public async Task AcceptAsync(Command command)
    {
        if (Prompt.Read(command.Id, command.Body, mode()) is not { } prompt)
        {
            await log.RefuseAsync(command, CommandRefusals.InvalidBody);
            return;
        }

        if (await outbox.AcceptAsync(command, prompt.LocalId, new CommandAccepted(log.Now, command.Id), CancellationToken.None))
        {
            Set(prompt, InboxState.Accepted);
            queue.Push(prompt);
        }
    }

    /// <summary>Takes a message back, if the agent cannot have it yet.</summary>
    public async Task CancelAsync(Command command)
    {
        if (Read(command, LinkJson.Default.MessageCancelCommand)?.MessageId is not { } messageId)
        {
            await log.RefuseAsync(command, CommandRefusals.InvalidBody);
            return;
        }

        if (Find(messageId) is not { } entry)
        {
            await log.RefuseAsync(command, CommandRefusals.NotFound);
        }
        else if (entry.State is InboxState.Cancelled)
        {
            await log.AcceptAsync(command);
        }
        else if (entry.State is InboxState.Indeterminate || queue.Remove(messageId))
        {
            Set(entry.Prompt, InboxState.Cancelled);
            await outbox.CommitAsync([new CommandAccepted(log.Now, command.Id)], [new InboxChange(entry.Prompt.CommandId, InboxState.Cancelled)], CancellationToken.None);
        }
        else
        {
            await log.RefuseAsync(command, entry.State is InboxState.Consumed ? CommandRefusals.Consumed : CommandRefusals.InFlight);
        }
    }

    /// <summary>A person decides that a message whose outcome is unknown shall go to the agent after all.</summary>
    public async Task RetryAsync(Command command)
    {
        var known = Read(command, LinkJson.Default.MessageCommand)?.MessageId is { } id ? Find(id) : null;
        if (known is { State: InboxState.Consumed })
        {
            await log.RefuseAsync(command, CommandRefusals.Consumed);
        }
        else if (known is { State: InboxState.Accepted or InboxState.Dispatching })
        {
            await log.RefuseAsync(command, CommandRefusals.InFlight);
        }
        else if (known?.Prompt is { } prompt)
        {
            Set(prompt, InboxState.Accepted);
            await outbox.CommitAsync(
                [new CommandAccepted(log.Now, command.Id), new MessagesRequeued(log.Now, [prompt.LocalId])],
                [new InboxChange(prompt.CommandId, InboxState.Accepted)], CancellationToken.None);
            queue.Push(prompt);
        }
        else
        {
            await log.RefuseAsync(command, CommandRefusals.NotFound);
        }
    }

    /// <summary>Notes, before the agent gets it, that it may have it from now on.</summary>
    public Task DispatchingAsync(PromptBatch batch) => NoteAsync(batch, InboxState.Dispatching, []);

    /// <summary>Notes that the agent has it.</summary>
    /// <param name="at">When it was given, in milliseconds since 1970: its place in the conversation.</param>
    public Task ConsumedAsync(PromptBatch batch, long at) =>
        NoteAsync(batch, InboxState.Consumed, [new MessagesConsumed(at, [.. batch.Prompts.Select(p => p.LocalId)])]);

    /// <summary>It was not given after all, and waits again in its place.</summary>
    public async Task RestoreAsync(PromptBatch batch)
    {
        await NoteAsync(batch, InboxState.Accepted, []);
        queue.Restore(batch);
    }

    private Task<long> NoteAsync(PromptBatch batch, InboxState state, IReadOnlyList<Fact> facts)
    {
        foreach (var prompt in batch.Prompts)
        {
            Set(prompt, state);
        }

        return outbox.CommitAsync(facts, [.. batch.Prompts.Select(p => new InboxChange(p.CommandId, state))], CancellationToken.None);
    }

    private Entry? Find(string messageId)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(messageId);
        }
    }

    private void Set(Prompt prompt, InboxState state)
    {
        lock (_gate)
        {
            _entries[prompt.MessageId] = new Entry(prompt, state);
        }
    }

    private static T? Read<T>(Command command, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(command.Body.Utf8.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(Prompt Prompt, InboxState State);
}
