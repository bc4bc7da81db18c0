using System.ComponentModel.DataAnnotations;

namespace Hapi.Contracts.Sessions;

/// <summary>One entry of an agent's plan.</summary>
public sealed record TodoItem(
    string Content,
    [property: AllowedValues("pending", "in_progress", "completed")] string Status,
    [property: AllowedValues("high", "medium", "low")] string Priority,
    string Id);
