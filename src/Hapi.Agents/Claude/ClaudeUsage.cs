using System.Text.Json;

namespace Hapi.Agents.Claude;

/// <summary>Counts tokens and money. Claude Code sums both over the life of its process; what is told is each turn's own share.</summary>
internal sealed class ClaudeUsage
{
    private string? _model;
    private long _asked, _answered;
    private decimal _spent;

    /// <summary>One answer of the model in the conversation itself; the newest says how full the context is.</summary>
    public void Answered(JsonElement message)
    {
        if (message.Text("model") is { } model and not "<synthetic>")
        {
            _model = model;
            Counted(message.At("usage"));
        }
    }

    public void Counted(JsonElement usage)
    {
        if (Input(usage) is > 0 and var input)
        {
            _asked = input;
        }

        _answered = usage.Number("output_tokens") ?? _answered;
    }

    public void Ended(JsonElement result, List<ClaudeStep> steps)
    {
        var total = result.Amount("total_cost_usd") ?? _spent;
        // After /clear Claude Code counts from zero again.
        var cost = Money(total >= _spent ? total - _spent : total);
        _spent = total;

        var shares = result.At("model_usage_since_last_result").Members().Where(share => Input(share.Value) > 0 || Output(share.Value) > 0)
            // What counts for the context is told last.
            .OrderBy(share => share.Name == _model).ToList();
        foreach (var share in shares)
        {
            var main = share.Name == _model || shares.Count == 1;
            steps.Add(new Settled(Counted(share.Name, share.Value, main, Money(share.Value.Amount("costUSD") ?? 0), result)));
        }

        if (shares.Count == 0 && result.At("usage") is var usage && (Input(usage) > 0 || Output(usage) > 0))
        {
            steps.Add(new Settled(Counted(_model, usage, main: true, cost, result)));
        }

        if (result.Number("num_turns") is > 0 and var turns && result.Number("duration_ms") is { } duration)
        {
            steps.Add(new Settled(new TurnMeasured(duration, (int)turns, cost)));
        }
    }

    private UsageCounted Counted(string? model, JsonElement usage, bool main, decimal? cost, JsonElement result)
    {
        long? context = main && _asked > 0 ? _asked + _answered : null;
        var window = model is null ? null : result.At("modelUsage").At(model).Number("contextWindow");
        return new UsageCounted(model, Input(usage), Output(usage), Cached(usage), Written(usage), context, main ? window : null, cost);
    }

    /// <summary>Claude Code adds up binary fractions; what is left of that after a millionth of a cent means nothing.</summary>
    private static decimal Money(decimal amount) => decimal.Round(amount, 8);

    private static long Input(JsonElement usage) => (usage.Number("input_tokens") ?? usage.Number("inputTokens") ?? 0) + Cached(usage) + Written(usage);

    private static long Output(JsonElement usage) => usage.Number("output_tokens") ?? usage.Number("outputTokens") ?? 0;

    private static long Cached(JsonElement usage) => usage.Number("cache_read_input_tokens") ?? usage.Number("cacheReadInputTokens") ?? 0;

    private static long Written(JsonElement usage) => usage.Number("cache_creation_input_tokens") ?? usage.Number("cacheCreationInputTokens") ?? 0;
}
