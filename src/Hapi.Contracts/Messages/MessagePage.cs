using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hapi.Contracts.Link;

namespace Hapi.Contracts.Messages;

/// <summary>A page of the conversation, ascending by place. <c>Live</c> stands on the latest page only: what is being written now.</summary>
public sealed record MessagePage(IReadOnlyList<ChatMessage> Messages, PageInfo Page, IReadOnlyList<LiveStream>? Live = null);

public sealed record PageInfo
{
    /// <summary><c>latest</c>, <c>before</c> or <c>after</c>.</summary>
    [AllowedValues("latest", "before", "after")]
    public required string Direction { get; init; }

    public required int Limit { get; init; }

    public required long Epoch { get; init; }

    public required bool Reset { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? NextBeforeSeq { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? NextBeforeAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? NextAfterSeq { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? NextAfterAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? SnapshotHeadSeq { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? SnapshotHeadAt { get; init; }

    public required bool HasMore { get; init; }
}
