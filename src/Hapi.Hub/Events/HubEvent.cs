using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hapi.Contracts.Events;

namespace Hapi.Hub.Events;

/// <summary>
/// Something clients see. <c>Seq</c> is its place in the log; 0 marks a volatile value, which has no place and is not replayed.
/// The wire object is written once for all who want it, and not at all when nobody does.
/// </summary>
internal sealed class HubEvent(long seq, string @namespace, string? sessionId, string? machineId, string type, Func<byte[]> write)
{
    private byte[]? _json;

    public long Seq => seq;

    public string Namespace => @namespace;

    public string? SessionId => sessionId;

    public string? MachineId => machineId;

    public string Type => type;

    /// <summary>One JSON object without line breaks.</summary>
    public byte[] Json => _json ??= write();

    public static HubEvent Of<T>(long seq, string @namespace, string? sessionId, string? machineId, T wire, JsonTypeInfo<T> type)
        where T : SyncEvent => new(seq, @namespace, sessionId, machineId, wire.Type, () => JsonSerializer.SerializeToUtf8Bytes(wire, type));
}
