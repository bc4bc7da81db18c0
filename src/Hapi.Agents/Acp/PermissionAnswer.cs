using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Acp;

/// <summary>What is answered to a permission request. Without <c>OptionId</c> the request counts as cancelled.</summary>
internal sealed record PermissionAnswer(string? OptionId, RawJson? Answers = null, string? Reason = null)
{
    public static PermissionAnswer Cancelled { get; } = new((string?)null);

    /// <summary>
    /// Chooses among the offered options by their kind; ids are the agent's own business and mean the opposite elsewhere
    /// (<c>cancel</c> rejects at Gemini and aborts at others). A denial that no option offers is <see cref="Cancelled"/>, never a grant.
    /// </summary>
    public static PermissionAnswer Choose(PermissionDecision decision, IReadOnlyList<PermissionOption> options, bool knowsHapi)
    {
        string[] kinds = decision.Verdict switch
        {
            Verdict.Approved => ["allow_once", "allow_always"],
            Verdict.ApprovedForSession => ["allow_always", "allow_once"],
            Verdict.Denied => ["reject_once", "reject_always"],
            _ => [],
        };
        var chosen = kinds.Select(kind => Pick([.. options.Where(option => option.Kind == kind)])).FirstOrDefault(option => option is not null);

        // Leaving plan mode can offer one way to allow for each mode to go on with; the person has named one.
        if (decision is { Verdict: Verdict.Approved or Verdict.ApprovedForSession, Mode: { } mode })
        {
            chosen = options.FirstOrDefault(option => option.Id == mode && option.Kind is "allow_once" or "allow_always") ?? chosen;
        }

        return chosen is null ? Cancelled : new PermissionAnswer(chosen.Id, knowsHapi ? decision.Answers : null, knowsHapi ? decision.Reason : null);
    }

    /// <summary>Of several grants of one kind the narrowest, as far as their labels tell (Gemini: this tool before all tools of its server).</summary>
    private static PermissionOption? Pick(IReadOnlyList<PermissionOption> options) => options.MinBy(option =>
        (option.Label.Contains("session", StringComparison.OrdinalIgnoreCase) ? 0 : 2) + (option.Label.Contains("all ", StringComparison.OrdinalIgnoreCase) ? 1 : 0));
}

/// <param name="Kind"><c>allow_once</c>, <c>allow_always</c>, <c>reject_once</c>, <c>reject_always</c>, or what the agent made up.</param>
internal sealed record PermissionOption(string Id, string Label, string Kind)
{
    public static IReadOnlyList<PermissionOption> Read(JsonElement request) =>
        [.. request.Items("options").Where(option => option.Text("optionId") is not null)
            .Select(option => new PermissionOption(option.Text("optionId")!, option.Words("name") ?? option.Text("optionId")!, option.Text("kind") ?? ""))];
}
