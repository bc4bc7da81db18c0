using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Hapi.Contracts.Messages;

/// <summary>One chat row. Its place is <c>(InvokedAt ?? CreatedAt, Seq)</c>.</summary>
public sealed record ChatMessage
{
    public required string Id { get; init; }

    public required long Seq { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? LocalId { get; init; }

    public required RawJson Content { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary><see langword="null"/> while it waits for the agent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? InvokedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? ScheduledAt { get; init; }

    /// <summary>Only ever <c>indeterminate</c>.</summary>
    [AllowedValues("indeterminate")]
    public string? DeliveryState { get; init; }

    public Delivery? Delivery { get; init; }
}

/// <summary>How far a message to the agent has come: <c>stored</c>, <c>sent</c>, <c>accepted</c>, <c>consumed</c>, <c>refused</c>, <c>cancelled</c>, <c>expired</c>, <c>unknown</c>.</summary>
public sealed record Delivery(
    [property: AllowedValues("stored", "sent", "accepted", "consumed", "refused", "cancelled", "expired", "unknown")] string State, long At, string? Code = null);
