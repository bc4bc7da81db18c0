namespace Hapi.Session.Lifecycles;

/// <summary>
/// The end of a session process, decided once. The first cause wins and freezes the labels; whatever comes later changes nothing,
/// except that a crash makes the exit code 1. A reason given beforehand holds unless the cause brings its own.
/// </summary>
internal sealed class Lifecycle : IDisposable
{
    public const string HubRestart = "Hub restart";
    public const string UserTerminated = "User terminated";
    public const string SessionCompleted = "Session completed";
    public const string SessionCrashed = "Session crashed";
    private const int MaxReason = 200;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _token = new();
    private string? _explained;
    private Ending? _frozen;
    private bool _crashed;

    /// <summary>Completes when the first cause has come. It never faults.</summary>
    public Task WhenEnding => _ending.Task;

    /// <summary>Cancelled when the first cause has come.</summary>
    public CancellationToken Token => _token.Token;

    public bool IsEnding => WhenEnding.IsCompleted;

    /// <summary>The labels and the exit code; only once the end has begun.</summary>
    public Ending Ending
    {
        get
        {
            lock (_gate)
            {
                var ending = _frozen ?? throw new InvalidOperationException("The session has not begun to end.");
                return _crashed ? ending with { ExitCode = 1 } : ending;
            }
        }
    }

    /// <summary>Gives a reason for an end that is still to come. The last one given before the end holds.</summary>
    public void Explain(string archiveReason)
    {
        lock (_gate)
        {
            if (_frozen is null)
            {
                _explained = Cut(archiveReason);
            }
        }
    }

    /// <summary>Begins the end. Gives <see langword="false"/> when it had begun before: this cause is absorbed.</summary>
    /// <param name="reason">The archive reason of <see cref="EndCause.Asked"/> and <see cref="EndCause.AgentFailed"/>.</param>
    public bool End(EndCause cause, string? reason = null)
    {
        lock (_gate)
        {
            _crashed |= cause is EndCause.Crashed;
            if (_frozen is not null)
            {
                return false;
            }

            _frozen = cause switch
            {
                EndCause.Terminated => new("terminated", _explained ?? HubRestart, 0),
                EndCause.Interrupted or EndCause.Archived => new("terminated", UserTerminated, 0),
                EndCause.Asked => new("terminated", Cut(reason ?? UserTerminated), 0),
                EndCause.Completed => new("completed", _explained ?? SessionCompleted, 0),
                EndCause.AgentFailed => new("error", Cut(reason ?? SessionCrashed), 1),
                EndCause.Crashed => new("error", SessionCrashed, 1),
                _ => throw new ArgumentOutOfRangeException(nameof(cause)),
            };
        }

        _ending.TrySetResult();
        _token.Cancel();
        return true;
    }

    public void Dispose() => _token.Dispose();

    private static string Cut(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason];
}
