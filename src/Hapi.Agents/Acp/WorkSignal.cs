namespace Hapi.Agents.Acp;

/// <summary>Tells the host when an agent works without being prompted (background tasks). A short flicker is not told.</summary>
internal sealed class WorkSignal : IDisposable
{
    private static readonly TimeSpan s_debounce = TimeSpan.FromMilliseconds(750);
    private readonly IAgentHost _host;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _wanted, _told;

    public WorkSignal(IAgentHost host, TimeProvider time)
    {
        _host = host;
        _timer = time.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Said(bool working)
    {
        lock (_gate)
        {
            _wanted = working;
        }

        _timer.Change(working ? s_debounce : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A prompt runs: from now on the turn tells who works.</summary>
    public void Prompted()
    {
        lock (_gate)
        {
            (_wanted, _told) = (false, false);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        lock (_gate)
        {
            if (_wanted == _told)
            {
                return;
            }

            _told = _wanted;
            _host.WorkingChanged(_told);
        }
    }
}
