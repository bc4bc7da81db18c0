namespace Hapi.ModelServer.Scenarios;

/// <summary>The turns that one prompt begins.</summary>
public sealed record ScenarioRule
{
    /// <summary>A case-sensitive regular expression.</summary>
    public required string Match { get; init; }

    /// <summary>Step <c>n</c> answers after <c>n</c> rounds of tool calls; the last one answers all later rounds.</summary>
    public required IReadOnlyList<ScenarioStep> Steps { get; init; }
}
