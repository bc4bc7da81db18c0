namespace Hapi.Agents.Acp;

/// <summary>A running turn, and whether somebody wants it to end.</summary>
internal sealed class AcpTurn(TimeProvider time) : IDisposable
{
    /// <summary>OpenCode took 0.7 s to stop, the others less than a tenth of that.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private int _aborting;

    public bool IsAborting => Volatile.Read(ref _aborting) == 1;

    /// <summary>The prompt is with the agent; only then can it be cancelled there.</summary>
    public bool IsSent { get; set; }

    /// <summary>Completes when the agent was asked to stop and has not said for too long that it did.</summary>
    public Task GivenUp => _givenUp.Task;

    /// <summary>Gives <see langword="true"/> to the first who wants it to end.</summary>
    public bool Abort()
    {
        if (Interlocked.Exchange(ref _aborting, 1) == 1)
        {
            return false;
        }

        _timer = time.CreateTimer(_ => _givenUp.TrySetResult(), null, s_patience, Timeout.InfiniteTimeSpan);
        return true;
    }

    public void Dispose() => _timer?.Dispose();
}
