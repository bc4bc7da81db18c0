using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer;

/// <summary>Chooses the step that answers a conversation. Keeps no state but the count of steps that answer a limited number of times.</summary>
internal sealed class ScenarioPlayer(Scenario scenario)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(ScenarioRule?, int), int> _played = new();

    public bool Knows(string prompt) => RuleFor(prompt) is not null;

    public (string Rule, ScenarioStep Step) Choose(Conversation conversation)
    {
        if (conversation.Tools.Count == 0 || (scenario.AuxMatch is { } aux
            && Regex.IsMatch($"{conversation.System}\n{conversation.Prompt}", aux, RegexOptions.IgnoreCase | RegexOptions.Singleline, s_patience)))
        {
            return ("aux", scenario.Aux);
        }

        var rule = RuleFor(conversation.Prompt);
        var steps = rule?.Steps ?? scenario.Default;
        var step = At(steps, conversation.Round);
        if (step.Times > 0 && _played.AddOrUpdate((rule, conversation.Round), 1, (_, n) => n + 1) > step.Times)
        {
            step = step.Then ?? At(steps, conversation.Round + 1);
        }

        return (rule?.Match ?? "default", step);
    }

    private ScenarioRule? RuleFor(string prompt) => scenario.Rules.FirstOrDefault(r => Regex.IsMatch(prompt, r.Match, RegexOptions.Singleline, s_patience));

    private static ScenarioStep At(IReadOnlyList<ScenarioStep> steps, int index) => steps[Math.Min(index, steps.Count - 1)];
}
