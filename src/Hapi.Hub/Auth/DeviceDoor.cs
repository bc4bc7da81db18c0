using System.Collections.Concurrent;
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
    public async Task<string> CreateCodeAsync(string @namespace, string? name, CancellationToken cancellationToken)
    {
        var code = Secrets.NewToken();
        await writer.WriteAsync(scope =>
        {
            DeviceRows.AddCode(scope.Sql, Secrets.Hash(code), @namespace, name, scope.Now + (long)CodeLifetime.TotalMilliseconds);
            return true;
        }, cancellationToken);
        return code;
    }

    /// <summary>Spends a code. Gives the device and its token, which is shown this once; <see langword="null"/> when the code is unknown, used or old.</summary>
    public Task<(DeviceRow Device, string Token)?> PairAsync(string code, string name, CancellationToken cancellationToken) => writer.WriteAsync<(DeviceRow, string)?>(scope =>
    {
        if (DeviceRows.UseCode(scope.Sql, Secrets.Hash(code), scope.Now) is not { } grant)
        {
            return null;
        }

        var token = Secrets.NewToken();
        var device = new DeviceRow(Guid.CreateVersion7().ToString(), grant.Namespace, grant.Name ?? name, Secrets.Hash(token), time.GetUtcNow().ToUnixTimeMilliseconds(), null, null);
        DeviceRows.Insert(scope.Sql, device);
        scope.AfterCommit.Add(() => _names[device.Id] = device.Name);
        return (device, token);
    }, cancellationToken);

    public Task SeenAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(scope =>
    {
        DeviceRows.Seen(scope.Sql, id, scope.Now);
        return true;
    }, cancellationToken);

    public Task<bool> RevokeAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(scope =>
    {
        scope.AfterCommit.Add(() =>
        {
            _names.TryRemove(id, out _);
            feed.Drop(id);
            links.Drop(id);
        });
        return DeviceRows.Revoke(scope.Sql, id, scope.Now);
    }, cancellationToken);
}
