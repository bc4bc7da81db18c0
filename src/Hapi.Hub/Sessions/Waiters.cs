using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Hapi.Hub.Sessions;

/// <summary>
/// Requests that wait for a fact: the outcome of a command, the end of a session. A hint that saves looking, not the truth:
/// who waits in vain looks into the store before it answers.
/// </summary>
internal sealed class Waiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Waiter>> _waiting = new();

    public static string CommandOf(string commandId) => "command:" + commandId;

    public static string EndOf(string sessionId) => "end:" + sessionId;

    /// <summary>A session's process has become ready, or has ended.</summary>
    public static string StartOf(string sessionId) => "start:" + sessionId;

    /// <summary>A process that was started for a session is gone before it said anything.</summary>
    public static string GoneOf(string sessionId) => "gone:" + sessionId;

    /// <summary>From the return of this call on, settling reaches the waiter: to be called before what may settle it is begun.</summary>
    public Waiter Expect(string key)
    {
        var waiter = new Waiter(this, key);
        _waiting.AddOrUpdate(key, _ => [waiter], (_, all) => all.Add(waiter));
        return waiter;
    }

    public void Settle(string key)
    {
        if (_waiting.TryRemove(key, out var all))
        {
            foreach (var waiter in all)
            {
                waiter.Settle();
            }
        }
    }

    /// <summary>One request's place. Disposing gives it up.</summary>
    internal sealed class Waiter(Waiters owner, string key) : IDisposable
    {
        private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it is settled, or when patience ends.</summary>
        public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
        {
            try
            {
                await _settled.Task.WaitAsync(patience, owner.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The store has the truth.
            }
        }

        public bool IsSettled => _settled.Task.IsCompleted;

        public void Settle() => _settled.TrySetResult();

        public void Dispose()
        {
            while (owner._waiting.TryGetValue(key, out var all) && all.Contains(this))
            {
                var rest = all.Remove(this);
                if (rest.IsEmpty ? owner._waiting.TryRemove(KeyValuePair.Create(key, all)) : owner._waiting.TryUpdate(key, rest, all))
                {
                    return;
                }
            }
        }
    }

    private TimeProvider Time => time;
}
