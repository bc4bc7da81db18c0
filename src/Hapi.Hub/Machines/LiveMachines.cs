using System.Collections.Concurrent;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Machines;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>Which machines are there: those from which at least one session has a link.</summary>
internal sealed class LiveMachines(HubReader reader, EventFeed feed, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LiveMachine> _all = new();

    public bool IsActive(string id) => _all.TryGetValue(id, out var machine) && machine.Links > 0;

    /// <summary>A machine as clients see it.</summary>
    public Machine View(MachineRow row) => new()
    {
        Id = row.Id,
        Namespace = row.Namespace,
        Seq = row.Seq,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Active = IsActive(row.Id),
        ActiveAt = Math.Max(row.UpdatedAt, _all.TryGetValue(row.Id, out var machine) ? machine.SeenAt : 0),
        Metadata = JsonObjects.Raw(row.Metadata),
        MetadataVersion = row.MetadataVersion,
        RunnerStateVersion = 1,
    };

    /// <summary>A link from the machine has come.</summary>
    public Task JoinAsync(string id) => ChangeAsync(id, +1);

    /// <summary>A link from the machine has gone.</summary>
    public Task LeaveAsync(string id) => ChangeAsync(id, -1);

    private async Task ChangeAsync(string id, int links)
    {
        var before = IsActive(id);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _all.AddOrUpdate(id, _ => new LiveMachine(Math.Max(links, 0), now), (_, old) => new LiveMachine(Math.Max(old.Links + links, 0), now));
        if (before != IsActive(id) && await reader.ReadAsync(sql => MachineRows.Find(sql, id), CancellationToken.None) is { } row)
        {
            feed.Publish([HubEvent.Of(0, row.Namespace, null, id, new MachineUpdated(id, row.Namespace, View(row)), HubJson.Default.MachineUpdated)]);
        }
    }

    private sealed record LiveMachine(int Links, long SeenAt);
}
