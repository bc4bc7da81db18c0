using System.ComponentModel.DataAnnotations;
using Hapi.Contracts.Link;

namespace Hapi.Contracts.Sessions;

/// <summary>What a session has to say of its agent: above all what the agent asks, by request id, and how that was answered. An open document.</summary>
public sealed record AgentState
{
    public bool? ControlledByUser { get; init; }

    public IReadOnlyDictionary<string, AgentRequest>? Requests { get; init; }

    public IReadOnlyDictionary<string, CompletedRequest>? CompletedRequests { get; init; }
}

/// <summary>A request that waits for a person. Its id is the agent's tool-call id.</summary>
public sealed record AgentRequest(string Tool, RawJson Arguments, long? CreatedAt = null, IReadOnlyList<RequestOption>? Options = null);

/// <summary>A request that was answered, and how.</summary>
public sealed record CompletedRequest
{
    public required string Tool { get; init; }

    public required RawJson Arguments { get; init; }

    public long? CreatedAt { get; init; }

    public long? CompletedAt { get; init; }

    [AllowedValues("approved", "denied", "canceled")]
    public required string Status { get; init; }

    public string? Reason { get; init; }

    public string? Mode { get; init; }

    [AllowedValues("approved", "approved_for_session", "denied", "abort")]
    public string? Decision { get; init; }

    public IReadOnlyList<string>? AllowTools { get; init; }

    public RawJson? Answers { get; init; }

    /// <summary>The device that answered.</summary>
    public string? By { get; init; }
}
