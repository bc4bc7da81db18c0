using System.Text.Json;
using System.Text.RegularExpressions;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>What the end of a turn means.</summary>
/// <param name="Note">To be said in the conversation.</param>
/// <param name="Answer">The agent's answer, where there is one.</param>
internal sealed partial record TurnOutcome(TurnEnd End, string? Message = null, string? Note = null, JsonElement? Answer = null)
{
    public static TurnOutcome Of(JsonElement answer) => answer.Text("stopReason") switch
    {
        "end_turn" or null => new(TurnEnd.Completed, Answer: answer),
        "cancelled" or "canceled" => new(TurnEnd.Aborted, Answer: answer),
        "refusal" => new(TurnEnd.Failed, "The model refused to answer.", Answer: answer),
        "max_tokens" => new(TurnEnd.Completed, Note: "The answer reached the model's limit and is cut off.", Answer: answer),
        "max_turn_requests" => new(TurnEnd.Completed, Note: "The agent reached its limit of model requests in one turn. Say \"continue\" to let it go on.", Answer: answer),
        var other => new(TurnEnd.Completed, Note: $"The agent ended its turn: {AcpErrors.Shorten(other)}.", Answer: answer),
    };

    public static TurnOutcome Of(RpcException error, string label) => new(TurnEnd.Failed, error.Code is AcpErrors.AuthenticationRequired
        ? $"{label} is not signed in: {AcpErrors.Describe(error).TrimEnd('.')}. Sign in by running it once in a terminal."
        : AcpErrors.Describe(error));

    /// <summary>Copilot tells an error of the model's service as the only text of a turn that ends well, without counting tokens.</summary>
    public bool IsToldAsText(string agent, string text) =>
        End is TurnEnd.Completed && agent is "Copilot" && Answer?.Object("usage") is null && ErrorText().IsMatch(text);

    [GeneratedRegex(@"^Error: \d{3} [^\n]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex ErrorText();
}
