using System.Text.Json.Nodes;

namespace Hapi.Hub.Audit;

/// <summary>Something to be audited. No secret, no prompt and no answer of an agent belongs into any of its members.</summary>
internal sealed record AuditEntry(string Kind, string Namespace, AuditActor Actor, string Channel)
{
    public string? SessionId { get; init; }

    public string? MachineId { get; init; }

    /// <summary>What it was done to, in a word: a tool, a device, an address.</summary>
    public string? Subject { get; init; }

    /// <summary>Why, in the words of whoever did it.</summary>
    public string? Reason { get; init; }

    /// <summary>The values that were, those of them that changed. Small.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>The values that are. Small.</summary>
    public JsonObject? After { get; init; }
}
