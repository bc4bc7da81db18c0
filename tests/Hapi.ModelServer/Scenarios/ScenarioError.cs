namespace Hapi.ModelServer.Scenarios;

/// <summary>The request is refused.</summary>
public sealed record ScenarioError
{
    public int Status { get; init; } = 500;

    /// <summary>The word of the API: <c>overloaded_error</c>, <c>rate_limit_error</c>, …</summary>
    public string Type { get; init; } = "api_error";

    public string Message { get; init; } = "The scenario refuses this request.";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
