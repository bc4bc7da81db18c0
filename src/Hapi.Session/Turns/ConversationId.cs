using Hapi.Link;
using Hapi.Session.Records;

namespace Hapi.Session.Turns;

/// <summary>
/// The agent's own id of the conversation. It is on disk as soon as the agent tells it; and the hub has it before the next turn begins,
/// where the hub is there and answers in time: a process that is killed early must not take the conversation along.
/// </summary>
/// <param name="flush">Completes with whether the hub has everything so far, within the time given.</param>
internal sealed class ConversationId(SessionLog log, RecordKeeper record, string? metadataKey, Func<LinkState> link, Func<TimeSpan, Task<bool>> flush, IStatusLines lines)
{
    public static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(5);
    private string? _unconfirmed;

    /// <summary>The conversation has this id; a later start resumes it.</summary>
    public async Task SetAsync(string nativeSessionId)
    {
        record.Change(r => r with { NativeSessionId = nativeSessionId });
        if (metadataKey is { } key)
        {
            await log.SetMetadataAsync(key, nativeSessionId);
        }

        Volatile.Write(ref _unconfirmed, nativeSessionId);
    }

    /// <summary>Waits until the hub has the newest id, 5 s at most; without a hub it does not wait. What the hub has not confirmed is said, and the session goes on.</summary>
    public async Task ConfirmAsync()
    {
        if (Interlocked.Exchange(ref _unconfirmed, null) is { } id && !(link() is LinkState.Connecting or LinkState.Connected && await flush(KnownWithin)))
        {
            lines.Say($"The hub has not confirmed the agent's session id {id} yet; it is kept here and goes there later.");
        }
    }
}
