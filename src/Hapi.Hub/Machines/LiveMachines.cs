using System.Collections.Concurrent;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>A runner's connection, as far as others may use it.</summary>
internal interface IRunnerLink
{
    long Generation { get; }

    /// <summary>Cuts the connection: another has taken its place.</summary>
    void Cut();

    /// <summary>Asks the runner; see <see cref="RunnerCalls"/>.</summary>
    Task<RawJson> CallAsync(string name, RawJson args, TimeSpan deadline, CancellationToken cancellationToken);
}

/// <summary>Which machines are there: those from which a runner or at least one session has a link.</summary>
internal sealed class LiveMachines(HubReader reader, EventFeed feed, TimeProvider time)
{
    private static readonly TimeSpan s_tellAfter = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, LiveMachine> _all = new();

    public bool IsActive(string id) => Of(id).IsThere;

    public IRunnerLink? RunnerOf(string id) => Of(id).Runner;

    /// <summary>The generation of the runner that has a link, 0 without one.</summary>
    public long RunnerGeneration(string id) => Of(id).Runner?.Generation ?? 0;

    /// <summary>A machine as clients see it.</summary>
    public Machine View(MachineRow row)
    {
        var live = Of(row.Id);
        return new()
        {
            Id = row.Id,
            Namespace = row.Namespace,
            Seq = row.Seq,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Active = live.IsThere,
            ActiveAt = Math.Max(row.UpdatedAt, live.SeenAt),
            Metadata = JsonObjects.Raw(row.Metadata),
            MetadataVersion = row.MetadataVersion,
            RunnerState = row.RunnerState is { } state ? JsonObjects.Raw(state) : null,
            RunnerStateVersion = row.RunnerStateVersion,
            Health = live.Health is { } health ? new RawJson(JsonSerializer.SerializeToUtf8Bytes(health, LinkJson.Default.MachineHealth)) : null,
        };
    }

    /// <summary>A session's link from the machine has come.</summary>
    public Task JoinAsync(string id) => ChangeAsync(id, old => old with { Links = old.Links + 1 });

    /// <summary>A session's link from the machine has gone.</summary>
    public Task LeaveAsync(string id) => ChangeAsync(id, old => old with { Links = Math.Max(old.Links - 1, 0) });

    /// <summary>A runner's link has come; an older one is cut, and never takes the place of a newer.</summary>
    public Task ConnectAsync(string id, IRunnerLink runner)
    {
        IRunnerLink? cut = null;
        var telling = ChangeAsync(id, old =>
        {
            cut = old.Runner is { } other && other != runner ? (other.Generation > runner.Generation ? runner : other) : null;
            return cut == runner ? old : old with { Runner = runner, Health = null };
        });
        cut?.Cut();
        return telling;
    }

    /// <summary>A runner's link has gone.</summary>
    public Task DisconnectAsync(string id, IRunnerLink runner) => ChangeAsync(id, old => old.Runner == runner ? old with { Runner = null, Health = null } : old);

    /// <summary>How the machine is, as its runner says; <see langword="null"/> was no health at all.</summary>
    public Task ShowAsync(string id, IRunnerLink runner, MachineHealth? health) => ChangeAsync(id, old => old.Runner == runner ? old with { Health = health ?? old.Health } : old);

    private LiveMachine Of(string id) => _all.GetValueOrDefault(id, LiveMachine.None);

    private async Task ChangeAsync(string id, Func<LiveMachine, LiveMachine> change)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var tell = false;
        _all.AddOrUpdate(id, _ => Next(LiveMachine.None), (_, old) => Next(old));
        if (tell && await reader.ReadAsync(sql => MachineRows.Find(sql, id), CancellationToken.None) is { } row)
        {
            feed.Publish([HubEvent.Of(0, row.Namespace, null, id, new MachineUpdated(id, row.Namespace, View(row)), HubJson.Default.MachineUpdated)]);
        }

        LiveMachine Next(LiveMachine old)
        {
            var next = change(old) with { SeenAt = now };
            tell = old.IsThere != next.IsThere || Shown(old.Health) != Shown(next.Health) || (next.Health is not null && now - old.ToldAt > s_tellAfter.TotalMilliseconds);
            return tell ? next with { ToldAt = now } : next;
        }
    }

    // What a person sees of it: not when it was looked at.
    private static MachineHealth? Shown(MachineHealth? health) => health is null ? null : health with { CollectedAt = 0, UptimeSeconds = null };

    private sealed record LiveMachine(int Links, IRunnerLink? Runner, MachineHealth? Health, long SeenAt, long ToldAt)
    {
        public static readonly LiveMachine None = new(0, null, null, 0, 0);

        public bool IsThere => Links > 0 || Runner is not null;
    }
}
