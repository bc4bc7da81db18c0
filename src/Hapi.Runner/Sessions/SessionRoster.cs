using Hapi.Control;
using Hapi.Processes;

namespace Hapi.Runner.Sessions;

/// <summary>The session processes of this home that are known to live, and which sessions' ends were seen.</summary>
internal sealed class SessionRoster
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProcessState> _live = [];
    private readonly HashSet<string> _ended = [];

    public IReadOnlyList<ProcessState> Live
    {
        get
        {
            lock (_gate)
            {
                return [.. _live.Values];
            }
        }
    }

    /// <summary>Gives <see langword="true"/> when it was not known.</summary>
    public bool Add(ProcessState state)
    {
        lock (_gate)
        {
            if (_live.GetValueOrDefault(state.SessionId)?.Identity == state.Identity)
            {
                return false;
            }

            _live[state.SessionId] = state;
            _ended.Remove(state.SessionId);
            return true;
        }
    }

    /// <summary>It is proved to be gone.</summary>
    public void Remove(ProcessState state)
    {
        lock (_gate)
        {
            if (_live.GetValueOrDefault(state.SessionId)?.Identity == state.Identity)
            {
                _live.Remove(state.SessionId);
                _ended.Add(state.SessionId);
            }
        }
    }

    public void Saw(string endedSessionId)
    {
        lock (_gate)
        {
            if (!_live.ContainsKey(endedSessionId))
            {
                _ended.Add(endedSessionId);
            }
        }
    }

    public ProcessState? Find(string sessionId)
    {
        lock (_gate)
        {
            return _live.GetValueOrDefault(sessionId);
        }
    }

    public ProcessState? Find(ProcessIdentity process)
    {
        lock (_gate)
        {
            return _live.Values.FirstOrDefault(s => s.Identity == process);
        }
    }

    /// <summary>Whether the session's process was seen to end, and no other has been seen since.</summary>
    public bool HasEnded(string sessionId)
    {
        lock (_gate)
        {
            return _ended.Contains(sessionId);
        }
    }
}
