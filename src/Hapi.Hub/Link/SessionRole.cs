using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>The link of a session's process: it is the session's connection, shows what happens live, and gets commands and calls.</summary>
internal sealed class SessionRole : ILinkRole, ISessionLink
{
    private readonly ProcessLink _link;
    private readonly LinkServices _services;
    private readonly CommandDelivery _delivery;
    private readonly LiveIntake _live;
    private readonly Task _delivering;
    private readonly bool _known;
    private string? _machineId;
    private bool _joined;

    /// <param name="machineId">Where the session runs, when it is known already.</param>
    public SessionRole(FactOwner owner, string? machineId, ProcessLink link, LinkServices services)
    {
        (Owner, _machineId, _known, _link, _services) = (owner, machineId is "" ? null : machineId, machineId is not null, link, services);
        _live = new LiveIntake(owner.Id, owner.Namespace, this, services);
        _delivery = new CommandDelivery(owner.Id, link, services);
        _delivering = _delivery.RunAsync(link.Ended);
    }

    public FactOwner Owner { get; }

    public void Begin()
    {
        if (_known)
        {
            Join();
        }
    }

    public void FactsArrived() => _live.Begin();

    public void FactsSettled() => _live.End();

    public void Opened(string machineId)
    {
        if (_joined && _machineId is { } before && before != machineId)
        {
            // It has moved.
            _ = _services.Machines.LeaveAsync(before);
            _ = _services.Machines.JoinAsync(machineId);
        }

        _machineId = machineId;
        Join();
    }

    public void Show(ReadOnlySpan<byte> parameters)
    {
        if (JsonSerializer.Deserialize(parameters, LinkJson.Default.LiveUpdate) is { } update && update.SessionId == Owner.Id)
        {
            _live.Show(update);
        }
    }

    public Task<byte[]> AnswerAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => throw ProcessLink.NotServed(method);

    public void Wake() => _delivery.Wake();

    public void Cut() => _link.Cut();

    public Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken) => _link.CallAsync(name, args, deadline, cancellationToken);

    public async Task LeaveAsync()
    {
        await _delivering;
        var (mine, now) = (false, _services.Now);
        _services.Live.Change(Owner.Id, old =>
        {
            mine = old.Link == this;
            return mine ? old with { Link = null, Presence = null, Since = now } : old;
        });
        if (mine)
        {
            _live.Announce();
            await LookForDeathAsync();
        }

        if (_machineId is { } machine && _joined)
        {
            await _services.Machines.LeaveAsync(machine);
        }
    }

    // From now on this link is the session's; an older one is cut.
    private void Join()
    {
        ISessionLink? before = null;
        var now = _services.Now;
        _services.Live.Change(Owner.Id, old =>
        {
            before = old.Link;
            return old.Link == this ? old : old with { Link = this, Presence = null, Streams = [], Fault = null, Since = now, SeenAt = now };
        });
        if (before != this)
        {
            before?.Cut();
            if (_machineId is { } machine)
            {
                _joined = true;
                _ = _services.Machines.JoinAsync(machine);
            }

            _live.Announce();
        }

        Wake();
    }

    // The runner may have told of the death while we still thought the process was there.
    private async Task LookForDeathAsync()
    {
        try
        {
            await _services.Writer.WriteAsync(scope =>
            {
                if (_services.Edits.Find(scope, Owner.Id) is { } edit)
                {
                    Interruptions.EndIfGone(edit);
                }

                return true;
            }, CancellationToken.None);
        }
        catch (Exception ex) when (ex is HubStoppingException or WriteConflictException or System.Data.Common.DbException)
        {
            // The next start of the session, or of its runner, tells it again.
        }
    }
}
