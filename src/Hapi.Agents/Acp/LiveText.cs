using Hapi.Agents.Acp.Updates;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Acp;

/// <summary>Shows texts while they grow, some twenty times a second at most: each showing copies the whole text, and chunks can be single letters.</summary>
internal sealed class LiveText : IDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);
    private readonly IAgentHost _host;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private OpenText? _waiting;
    private bool _resting;

    public LiveText(IAgentHost host, TimeProvider time)
    {
        _host = host;
        _timer = time.CreateTimer(_ => Rested(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Grew(OpenText text)
    {
        lock (_gate)
        {
            if (_resting)
            {
                _waiting = text;
                return;
            }

            _resting = true;
        }

        Show(text);
    }

    public void Dispose() => _timer.Dispose();

    private void Rested()
    {
        OpenText? text;
        lock (_gate)
        {
            (text, _waiting) = (_waiting, null);
            _resting = text is not null;
        }

        if (text is not null)
        {
            Show(text);
        }
    }

    private void Show(OpenText text)
    {
        text.Show(written => _host.Stream(new LiveStream(text.Id, text.IsThought ? "reasoning" : "text", written)));
        _timer.Change(s_pace, Timeout.InfiniteTimeSpan);
    }
}
