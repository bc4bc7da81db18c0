using System.Text.Json;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Acp;

/// <summary>How an agent is set, as it last said.</summary>
/// <param name="Commands">The slash commands it knows, without the slash.</param>
internal sealed record AcpSettings(AcpSetting Mode, AcpSetting Model, AcpSetting Effort, IReadOnlyList<string> Commands)
{
    public static AcpSettings None { get; } = new(AcpSetting.None, AcpSetting.None, AcpSetting.None, []);

    public IReadOnlyList<ModeOption> ModeOptions => [.. Mode.Choices.Select(choice => new ModeOption(choice.Id, choice.Label, Tone(choice.Id)))];

    public IReadOnlyList<ModelOption> ModelOptions => [.. Model.Choices.Select(choice => new ModelOption(choice.Id, choice.Label))];

    /// <summary>Takes what the answer to opening a conversation says, or what any update carries; agents repeat it in many places.</summary>
    public AcpSettings With(JsonElement said)
    {
        var next = this with
        {
            Mode = Mode.WithAnnounced(said.Object("modes"), "availableModes", "id", "currentModeId"),
            Model = Model.WithAnnounced(said.Object("models"), "availableModels", "modelId", "currentModelId"),
        };
        foreach (var option in said.Items("configOptions"))
        {
            next = (option.Text("category") ?? option.Text("id")) switch
            {
                "mode" => next with { Mode = next.Mode.WithOption(option) },
                "model" => next with { Model = next.Model.WithOption(option) },
                "thought_level" or "effort" => next with { Effort = next.Effort.WithOption(option) },
                _ => next,
            };
        }

        if (said.Member("availableCommands") is { ValueKind: JsonValueKind.Array })
        {
            next = next with { Commands = [.. said.Items("availableCommands").Select(command => command.Words("name")).OfType<string>()] };
        }

        return said.Words("currentModeId") is { } mode ? next with { Mode = next.Mode.WithCurrent(mode) } : next;
    }

    /// <summary>What of the settings is another than before, as the session must hear it.</summary>
    public IEnumerable<AgentEvent> ChangesSince(AcpSettings before)
    {
        var (mode, model, effort) = (Changed(before.Mode, Mode), Changed(before.Model, Model), Changed(before.Effort, Effort));
        if (mode is not null || model is not null || effort is not null)
        {
            yield return new ConfigChanged(mode, model, effort);
        }

        if (!Commands.SequenceEqual(before.Commands))
        {
            yield return new SlashCommandsChanged(Commands);
        }
    }

    private static string? Changed(AcpSetting before, AcpSetting now) => now.Current == before.Current ? null : now.CurrentId;

    /// <summary>A mode in which the agent asks nobody is dangerous; agents call it by these names.</summary>
    private static string Tone(string mode) => mode.ToLowerInvariant() switch
    {
        "yolo" or "autopilot" or "full-access" or "bypasspermissions" => "danger",
        "auto" or "autoedit" or "auto-edit" or "acceptedits" => "warning",
        "plan" or "read-only" => "info",
        _ => "neutral",
    };
}
