using System.Text.Json;

namespace Hapi.Agents.Acp;

/// <summary>One thing an agent lets a client choose: its mode, its model or its effort.</summary>
/// <param name="Current">The agent's own name of what is chosen now.</param>
/// <param name="OptionId">The configuration option that holds it, where there is one.</param>
/// <param name="IsChanging">We have asked for a change that is not answered; what the agent says meanwhile may be old (codex-acp tells the mode before).</param>
/// <param name="OwnMethod">It was announced apart from the options, and has a method of its own (<c>session/set_mode</c>, <c>session/set_model</c>).</param>
internal sealed record AcpSetting(IReadOnlyList<AcpChoice> Choices, string? Current, string? OptionId, bool OwnMethod, bool IsChanging = false)
{
    public static AcpSetting None { get; } = new([], null, null, false);

    /// <summary>The id Hapi uses for what is chosen.</summary>
    public string? CurrentId => Choices.FirstOrDefault(choice => choice.Native == Current)?.Id ?? Current;

    /// <summary>Finds a choice by Hapi's id, by the agent's own, or by the name people read.</summary>
    public AcpChoice? Find(string id) =>
        Choices.FirstOrDefault(choice => choice.Id == id || choice.Native == id)
        ?? Choices.FirstOrDefault(choice => string.Equals(choice.Label, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes what <c>modes</c> or <c>models</c> says; without it the setting stays.</summary>
    public AcpSetting WithAnnounced(JsonElement? announced, string list, string id, string current)
    {
        if (announced is not { } found)
        {
            return this;
        }

        AcpChoice[] choices = [.. found.Items(list).Where(item => item.Words(id) is not null).Select(item => AcpChoice.Of(item.Text(id)!, item.Words("name")))];
        return this with { Choices = choices, Current = Said(found.Text(current)), OwnMethod = true };
    }

    /// <summary>Takes what an option says. Where the choices were announced apart they stay: the option repeats them.</summary>
    public AcpSetting WithOption(JsonElement option)
    {
        AcpChoice[] choices = [.. Values(option).Select(item => AcpChoice.Of(item.Text("value")!, item.Words("name")))];
        return this with { OptionId = option.Text("id"), Current = Said(option.Text("currentValue")), Choices = OwnMethod || choices.Length == 0 ? Choices : choices };
    }

    public AcpSetting WithCurrent(string current) => this with { Current = Said(current) };

    private string? Said(string? current) => IsChanging ? Current : current ?? Current;

    private static IEnumerable<JsonElement> Values(JsonElement option) =>
        option.Items("options").SelectMany(item => item.Text("value") is not null ? [item] : item.Items("options").Where(inner => inner.Text("value") is not null));
}

/// <summary>Something that can be chosen. <c>Native</c> is the agent's own id; Copilot's are addresses, of which <c>Id</c> is the part that says something.</summary>
internal sealed record AcpChoice(string Native, string Id, string Label)
{
    public static AcpChoice Of(string native, string? label)
    {
        var id = native.Contains("://", StringComparison.Ordinal) && native.LastIndexOf('#') is var hash and > 0 && hash < native.Length - 1 ? native[(hash + 1)..] : native;
        return new AcpChoice(native, id, label ?? id);
    }
}
