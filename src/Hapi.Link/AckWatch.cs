namespace Hapi.Link;

/// <summary>How far the hub has acknowledged this generation, for those who wait for it.</summary>
internal sealed class AckWatch(Outbox outbox)
{
    private readonly Lock _gate = new();
    private readonly List<(long N, TaskCompletionSource<bool> Waiter)> _waiting = [];
    private long _through;

    public long Through
    {
        get
        {
            lock (_gate)
            {
                return _through;
            }
        }
    }

    public void Set(long generation, long through)
    {
        outbox.Trim(generation, through);
        if (generation != outbox.Generation)
        {
            return;
        }

        lock (_gate)
        {
            _through = Math.Max(_through, through);
            _waiting.RemoveAll(w => w.N <= _through && w.Waiter.TrySetResult(true));
        }
    }

    public async Task<bool> WaitAsync(long n, TimeSpan timeout, TimeProvider time)
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (n <= _through)
            {
                return true;
            }

            _waiting.Add((n, waiter));
        }

        try
        {
            return await waiter.Task.WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _waiting.Remove((n, waiter));
            }

            return false;
        }
    }
}
