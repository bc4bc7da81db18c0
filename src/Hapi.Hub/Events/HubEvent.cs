namespace Hapi.Hub.Events;

/// <summary>
/// Something clients see. <c>Json</c> is the wire object, written once for all of them. <c>Seq</c> is its place in the log;
/// 0 marks a volatile value, which has no place and is not replayed.
/// </summary>
internal sealed record HubEvent(long Seq, string Namespace, string? SessionId, string? MachineId, string Type, byte[] Json);
