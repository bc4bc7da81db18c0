using System.Text.Json;

namespace Hapi.Agents.Acp.Updates;

/// <summary>Counts the tokens of a turn from the places where agents mention them.</summary>
/// <param name="continued">The conversation is older than the program, and so is the sum of its costs.</param>
internal sealed class TurnUsage(bool continued)
{
    private long? _used, _size;
    private long _input, _output, _cached;
    private decimal? _costBefore = continued ? null : 0, _cost;
    private string? _model;
    private bool _any;

    /// <summary>Takes <c>usage_update</c>: how full the context is, and what the conversation has cost so far.</summary>
    public void TakeContext(JsonElement update)
    {
        _any = true;
        _used = update.Number("used") ?? _used;
        _size = update.Number("size") ?? _size;
        _model = update.Object("_meta")?.Words("_claude/model") ?? _model;
        if (update.Object("cost") is { } cost && cost.Text("currency") is "USD" && cost.Member("amount") is { ValueKind: JsonValueKind.Number } amount && amount.TryGetDecimal(out var usd))
        {
            _cost = decimal.Round(usd, 6);
        }
    }

    /// <summary>Takes the usage of one call of the model, which Qwen hangs on an empty chunk.</summary>
    public void TakeCall(JsonElement usage)
    {
        _any = true;
        _input += usage.Number("inputTokens") ?? 0;
        _output += usage.Number("outputTokens") ?? 0;
        _cached += usage.Number("cachedReadTokens") ?? 0;
    }

    /// <summary>Gives what the turn used and begins to count anew; <see langword="null"/> when the agent mentioned nothing.</summary>
    public UsageCounted? Take(JsonElement? result, string? model)
    {
        long written = 0;
        if (result?.Object("usage") is { } usage)
        {
            (_input, _output, _cached, written) = (usage.Number("inputTokens") ?? 0, usage.Number("outputTokens") ?? 0, usage.Number("cachedReadTokens") ?? 0, usage.Number("cachedWriteTokens") ?? 0);
            _any = true;
            if (_cached + written > 0 && usage.Number("totalTokens") is { } total && total >= _input + _output + _cached + written)
            {
                // This agent counts what came from the cache apart.
                _input += _cached + written;
            }
        }
        else if (result?.Object("_meta")?.Object("quota")?.Object("token_count") is { } quota)
        {
            (_input, _output, _any) = (quota.Number("input_tokens") ?? 0, quota.Number("output_tokens") ?? 0, true);
        }

        if (result?.Object("_meta")?.Object("quota") is { } models)
        {
            _model = models.Items("model_usage").Select(item => item.Words("model")).LastOrDefault(name => name is not null) ?? _model;
        }

        var counted = _any ? new UsageCounted(_model ?? model, _input, _output, _cached, written, _used, _size, Spent()) : null;
        (_input, _output, _cached, _any) = (0, 0, 0, false);
        return counted;
    }

    private decimal? Spent()
    {
        var spent = _cost - _costBefore;
        _costBefore = _cost ?? _costBefore;
        return spent > 0 ? spent : null;
    }
}
