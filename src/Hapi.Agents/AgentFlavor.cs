using Hapi.Contracts.Link;

namespace Hapi.Agents;

/// <summary>One row of the agent table: what Hapi knows of an agent before it runs.</summary>
/// <param name="Id">Stored as <c>metadata.flavor</c>.</param>
/// <param name="NativeIdKey">The metadata key that holds the agent's own conversation id.</param>
/// <param name="Modes">Permission modes in the order they are offered; empty when the agent manages them itself.</param>
/// <param name="Create">Makes an adapter; nothing is started yet.</param>
public sealed record AgentFlavor(
    string Id,
    string Label,
    string? NativeIdKey,
    IReadOnlyList<ModeOption> Modes,
    Func<AgentStart, IAgentHost, TimeProvider, IAgent> Create);
