using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hapi.Hub.Events;

/// <summary>The ids by which clients know events: <c>store:seq:namespace tag</c>. The store's part is stored with it, so cursors hold across restarts and nodes.</summary>
internal sealed class EventIds
{
    private readonly ConcurrentDictionary<string, string> _tags = new();

    /// <summary>Names this store. Set once, before the first request.</summary>
    public string StoreId { get; set; } = "";

    public string Of(long seq, string @namespace) => string.Create(CultureInfo.InvariantCulture, $"{StoreId}:{seq}:{Tag(@namespace)}");

    /// <summary>Gives the seq of a cursor that is ours and this namespace's, otherwise <see langword="null"/>.</summary>
    public long? Parse(string? cursor, string @namespace)
    {
        var parts = cursor?.Split(':') ?? [];
        return parts.Length == 3 && parts[0] == StoreId && parts[2] == Tag(@namespace)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq > 0 ? seq : null;
    }

    private string Tag(string @namespace) =>
        _tags.GetOrAdd(@namespace, ns => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{StoreId}|{ns}")))[..8]);
}
