using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Link;

namespace Hapi.Session.Live;

/// <summary>What the session is doing now and what the agent is writing: newest wins, nothing of it is stored.</summary>
internal sealed class LiveState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<LiveStream> _streams = [];
    private HubLink? _link;
    private Presence _presence = new(Thinking: false);
    private int _working;

    public bool Thinking
    {
        get
        {
            lock (_gate)
            {
                return _presence.Thinking;
            }
        }
    }

    public void Attach(HubLink link)
    {
        lock (_gate)
        {
            _link = link;
            link.SetPresence(_presence);
        }
    }

    /// <summary>Work begins or ends: a turn, or something the agent does by itself. It thinks while any of them runs.</summary>
    public void Working(bool begins)
    {
        lock (_gate)
        {
            var before = _working;
            _working = Math.Max(0, _working + (begins ? 1 : -1));
            if (before > 0 != _working > 0)
            {
                _presence = _presence with { Thinking = _working > 0, TurnStartedAt = _working > 0 ? time.GetUtcNow().ToUnixTimeMilliseconds() : null };
                _link?.SetPresence(_presence);
            }
        }
    }

    public void Ready(AgentReady ready) => Change(p => p with
    {
        PermissionMode = ready.PermissionMode ?? p.PermissionMode,
        Model = ready.Model ?? p.Model,
        AvailableModes = ready.Modes.Count > 0 ? ready.Modes : null,
        AvailableModels = ready.Models.Count > 0 ? ready.Models : null,
    });

    public void Configured(string? permissionMode, string? model, string? effort) => Change(p => p with
    {
        PermissionMode = permissionMode ?? p.PermissionMode,
        Model = model ?? p.Model,
        Effort = effort ?? p.Effort,
    });

    public void Stream(LiveStream stream)
    {
        lock (_gate)
        {
            var index = _streams.FindIndex(s => s.Id == stream.Id);
            if (index < 0)
            {
                _streams.Add(stream);
            }
            else
            {
                _streams[index] = stream;
            }

            _link?.SetStreams([.. _streams]);
        }
    }

    public void StreamEnded(string id)
    {
        lock (_gate)
        {
            if (_streams.RemoveAll(s => s.Id == id) > 0)
            {
                _link?.SetStreams([.. _streams]);
            }
        }
    }

    public void AllStreamsEnded()
    {
        lock (_gate)
        {
            if (_streams.Count > 0)
            {
                _streams.Clear();
                _link?.SetStreams([]);
            }
        }
    }

    private void Change(Func<Presence, Presence> change)
    {
        lock (_gate)
        {
            _presence = change(_presence);
            _link?.SetPresence(_presence);
        }
    }
}
