using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hapi.ModelServer.Scenarios;

/// <summary>What the model says to whom. A member that is not known is an error: a misspelt word must not change what a test proves.</summary>
public sealed record Scenario
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The first rule whose pattern is found in the newest prompt answers it.</summary>
    public IReadOnlyList<ScenarioRule> Rules { get; init; } = [];

    /// <summary>Answers a prompt that no rule knows.</summary>
    public IReadOnlyList<ScenarioStep> Default { get; init; } = [new() { Text = "Nothing in the scenario matches this prompt." }];

    /// <summary>
    /// Answers what an agent asks beside the conversation (titles, summaries, classifiers): every request that offers no tools.
    /// The default suits Gemini too, which asks for a complexity score as JSON and repeats itself until it gets one.
    /// </summary>
    public ScenarioStep Aux { get; init; } = new() { Text = """{"title":"Scripted title","complexity_reasoning":"scripted","complexity_score":20}""" };

    /// <summary>A pattern that marks further requests as such, by their system text or prompt.</summary>
    public string? AuxMatch { get; init; }

    /// <exception cref="JsonException">The text is not a scenario.</exception>
    public static Scenario Parse(string json) => JsonSerializer.Deserialize<Scenario>(json, s_json) ?? throw new JsonException("A scenario is an object.");
}
