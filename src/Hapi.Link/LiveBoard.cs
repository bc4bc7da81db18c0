using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;

namespace Hapi.Link;

/// <summary>The newest live values. Setting one is cheap and never waits; whoever sends takes them all at once.</summary>
internal sealed class LiveBoard(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Signal _changed = new();
    private Presence? _presence;
    private IReadOnlyList<LiveStream> _streams = [];
    private LiveFault? _fault;
    private MachineHealth? _health;
    private bool _presenceChanged, _streamsChanged, _healthChanged;
    private long _presenceSent;

    public Signal Changed => _changed;

    public void SetPresence(Presence presence) => Set(() => (_presence, _presenceChanged) = (presence, true));

    public void SetStreams(IReadOnlyList<LiveStream> streams) => Set(() => (_streams, _streamsChanged) = (streams, true));

    public void SetFault(LiveFault? fault) => Set(() => (_fault, _presenceChanged) = (fault, true));

    /// <summary>Of a runner: how its machine is. It is the only thing a runner has on the board.</summary>
    public void SetHealth(MachineHealth health) => Set(() => (_health, _healthChanged) = (health, true));

    /// <summary>Everything is news again: a new link knows nothing.</summary>
    public void Renew() => Set(() => (_presenceChanged, _streamsChanged, _healthChanged) = (true, true, true));

    /// <summary>Gives what has changed since the last time, or <see langword="null"/>. Presence goes out again when it is old.</summary>
    public LiveUpdate? Take(string sessionId)
    {
        lock (_gate)
        {
            var presence = _presenceChanged || time.GetElapsedTime(_presenceSent) >= LinkLimits.PresenceEvery ? _presence : null;
            var streams = _streamsChanged ? _streams : null;
            // A fault travels with the presence, so its news waits until there is one.
            (_presenceChanged, _streamsChanged) = (_presenceChanged && _presence is null, false);
            if (presence is null && streams is null)
            {
                return null;
            }

            _presenceSent = presence is null ? _presenceSent : time.GetTimestamp();
            return new LiveUpdate(sessionId, presence, streams, _fault);
        }
    }

    /// <summary>Gives a runner's health when it is news.</summary>
    public MachineLive? TakeHealth(string machineId)
    {
        lock (_gate)
        {
            var health = _healthChanged ? _health : null;
            _healthChanged &= health is null;
            return health is null ? null : new MachineLive(machineId, health);
        }
    }

    private void Set(Action change)
    {
        lock (_gate)
        {
            change();
        }

        _changed.Raise();
    }
}
