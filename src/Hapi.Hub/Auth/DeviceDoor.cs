using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hapi.Hub.Audit;
using Hapi.Hub.Events;
using Hapi.Hub.Link;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Auth;

/// <summary>Devices: paired by a one-time code, each with a token of its own, ended at once when revoked.</summary>
internal sealed class DeviceDoor(HubReader reader, HubWriter writer, EventFeed feed, LinkRegistry links, TimeProvider time)
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, string> _names = new();

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var device in (await ListAsync(cancellationToken)).Where(d => d.RevokedAt is null))
        {
            _names[device.Id] = device.Name;
        }
    }

    /// <summary>The name of a device that may come in; <see langword="null"/> for one that may not.</summary>
    public string? NameOf(string id) => _names.GetValueOrDefault(id);

    public Task<List<DeviceRow>> ListAsync(CancellationToken cancellationToken) => reader.ReadAsync(DeviceRows.List, cancellationToken);

    /// <summary>Makes a code that pairs one device within ten minutes.</summary>
    public async Task<string> CreateCodeAsync(string @namespace, string? name, Asker asker, CancellationToken cancellationToken)
    {
        var code = Secrets.NewToken();
        await writer.WriteAsync(scope =>
        {
            DeviceRows.AddCode(scope.Sql, Secrets.Hash(code), @namespace, name, scope.Now + (long)CodeLifetime.TotalMilliseconds);
            scope.Audit.Add(new AuditEntry(AuditKinds.PairingCodeCreated, @namespace, asker.Actor, asker.Channel) { Subject = name });
            return true;
        }, cancellationToken);
        return code;
    }

    /// <summary>Spends a code. Gives the device and its token, which is shown this once; <see langword="null"/> when the code is unknown, used or old.</summary>
    public Task<(DeviceRow Device, string Token)?> PairAsync(string code, string name, string address, CancellationToken cancellationToken) => writer.WriteAsync<(DeviceRow, string)?>(scope =>
    {
        if (DeviceRows.UseCode(scope.Sql, Secrets.Hash(code), scope.Now) is not { } grant)
        {
            return null;
        }

        var token = Secrets.NewToken();
        var device = new DeviceRow(Guid.CreateVersion7().ToString(), grant.Namespace, grant.Name ?? name, Secrets.Hash(token), time.GetUtcNow().ToUnixTimeMilliseconds(), null, null);
        DeviceRows.Insert(scope.Sql, device);
        scope.Audit.Add(new AuditEntry(AuditKinds.DevicePaired, device.Namespace, new AuditActor("device", device.Id, device.Name), AuditChannels.Web)
        {
            Subject = device.Name,
            After = new JsonObject { ["deviceId"] = device.Id, ["address"] = address },
        });
        scope.AfterCommit.Add(() => _names[device.Id] = device.Name);
        return (device, token);
    }, cancellationToken);

    public Task<bool> RevokeAsync(string id, Asker asker, CancellationToken cancellationToken) => writer.WriteAsync(scope =>
    {
        if (DeviceRows.Find(scope.Sql, id) is not { RevokedAt: null } device)
        {
            return false;
        }

        scope.Audit.Add(new AuditEntry(AuditKinds.DeviceRevoked, device.Namespace, asker.Actor, asker.Channel) { Subject = device.Name, Before = new JsonObject { ["deviceId"] = id } });
        scope.AfterCommit.Add(() =>
        {
            _names.TryRemove(id, out _);
            feed.Drop(id);
            links.Drop(id);
        });
        return DeviceRows.Revoke(scope.Sql, id, scope.Now);
    }, cancellationToken);
}
