namespace Hapi.Session.Lifecycles;

/// <summary>
/// The end of a session process, decided once. The first cause wins and freezes the labels; whatever comes later changes nothing,
/// except that a crash makes the exit code 1. A reason given beforehand holds unless the cause brings its own. Any thread may call
/// it at any time, also a signal's.
/// </summary>
internal sealed class Lifecycle : IDisposable
{
    public const string HubRestart = "Hub restart";
    public const string UserTerminated = "User terminated";
    public const string TerminalClosed = "Terminal closed";
    public const string HandedOff = "Handed off to local terminal";
    public const string SessionCompleted = "Session completed";
    public const string Cleared = "Cleared by /clear";
    public const string SessionCrashed = "Session crashed";
    private const int MaxReason = 200;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _token = new();
    private string? _explained;
    private Ending? _frozen;
    private bool _crashed, _signalled;
    private int _asking;

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
    /// <param name="reason">The archive reason of <see cref="EndCause.Asked"/> and <see cref="EndCause.AgentFailed"/>; why a launch failed.</param>
    /// <param name="by">Who caused it, where that is known.</param>
    public bool End(EndCause cause, string? reason = null, string? by = null)
    {
        lock (_gate)
        {
            _crashed |= cause is EndCause.Crashed;
            if (_frozen is not null)
            {
                return false;
            }

            if (cause is EndCause.Terminated && _asking > 0)
            {
                return _signalled = true;
            }

            _frozen = cause switch
            {
                EndCause.Terminated => new("terminated", _explained ?? HubRestart, 0, "sigterm", by),
                EndCause.Interrupted => new("terminated", UserTerminated, 0, "sigint", by),
                EndCause.HungUp => new("terminated", TerminalClosed, 0, "sighup", by),
                EndCause.Archived => new("terminated", UserTerminated, 0, "archive", by),
                EndCause.Asked => new("terminated", Cut(reason ?? UserTerminated), 0, "control", by),
                EndCause.HandedOff => new("handoff", HandedOff, 0, "handoff", by),
                EndCause.Completed => new("completed", _explained ?? SessionCompleted, 0, "completed", by),
                EndCause.Cleared => new("cleared", Cleared, 0, "cleared", by),
                EndCause.AgentFailed => new("error", Cut(reason ?? SessionCrashed), 1, "agent_failed", by),
                EndCause.LaunchFailed => new("error", $"Local launch failed: {Shorten(reason ?? "")}", 1, "agent_failed", by),
                EndCause.Crashed => new("error", SessionCrashed, 1, "crashed", by),
                _ => throw new ArgumentOutOfRangeException(nameof(cause)),
            };
        }

        Begin();
        return true;
    }

    /// <summary>
    /// Somebody asks for the end, and is being told that it is accepted. SIGTERM waits for that moment: it may be the next step of the same ladder.
    /// <see cref="AskingEnds"/> follows in any case.
    /// </summary>
    public void AskingBegins()
    {
        lock (_gate)
        {
            _asking++;
        }
    }

    /// <summary>Whoever asked has heard that it is accepted, which begins the end; or has hung up, and has asked for nothing.</summary>
    public void AskingEnds(bool heard, EndCause cause, string? reason, string? by)
    {
        bool signalled;
        lock (_gate)
        {
            _asking--;
            signalled = _signalled && _asking == 0;
        }

        if (heard)
        {
            End(cause, reason, by);
        }
        else if (signalled)
        {
            End(EndCause.Terminated);
        }
    }

    /// <summary>
    /// The agent could not be started at the terminal. Where the session goes on from elsewhere that is no end, and leaves no mark on the end that
    /// comes one day; otherwise it is the end.
    /// </summary>
    public bool LaunchFailed(string message, bool goesOn) => !goesOn && End(EndCause.LaunchFailed, message);

    /// <summary>
    /// Waits whether the end begins of its own accord. A signal to all processes of a service reaches agent and session in any order: that the agent is
    /// gone may be the first that is seen of it, and must not become the cause.
    /// </summary>
    public async Task<bool> EndsWithinAsync(TimeSpan patience, TimeProvider time)
    {
        try
        {
            await WhenEnding.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // Nothing came.
        }

        return IsEnding;
    }

    public void Dispose() => _token.Dispose();

    private void Begin()
    {
        _ending.TrySetResult();
        try
        {
            _token.Cancel();
        }
        catch (AggregateException)
        {
            // Somebody who was to stop failed at it. The end goes on; here, on a signal's thread perhaps, nobody could catch it.
            lock (_gate)
            {
                _crashed = true;
            }
        }
    }

    private static string Shorten(string message) => message.Length <= MaxReason ? message : Cut(message, MaxReason - 3) + "...";

    private static string Cut(string reason, int length = MaxReason) =>
        reason.Length <= length ? reason : reason[..(char.IsHighSurrogate(reason[length - 1]) ? length - 1 : length)];
}
