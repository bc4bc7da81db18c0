using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.Agents.Claude;

/// <summary>Changes mode, model and effort of a Claude Code that runs. What it refuses stays as it was, and so does all else.</summary>
internal sealed class ClaudeSettings(ClaudeChannel channel, ClaudeNotices notices)
{
    private string? _mode, _model, _effort;

    public void Begin(string? mode, string? model, string? effort) => (_mode, _model, _effort) = (mode, model, effort);

    public async Task<ConfigResult> ApplyAsync(AgentConfig change, CancellationToken cancellationToken)
    {
        var (mode, model, effort) = (_mode, _model, _effort);
        string? refusal = null;
        if (change.PermissionMode is { } newMode)
        {
            refusal = await ModeAsync(newMode, cancellationToken);
        }

        if (refusal is null && (change.Model is not null || change.ClearModel))
        {
            refusal = await ModelAsync(change.ClearModel ? null : change.Model, cancellationToken);
        }

        if (refusal is null && (change.Effort is not null || change.ClearEffort))
        {
            refusal = await EffortAsync(change.ClearEffort ? null : change.Effort, cancellationToken);
        }

        if (refusal is not null)
        {
            await RestoreAsync(mode, model, effort, cancellationToken);
        }

        return new ConfigResult(_mode, _model, _effort, refusal);
    }

    private async Task RestoreAsync(string? mode, string? model, string? effort, CancellationToken cancellationToken)
    {
        if (_mode != mode && mode is not null)
        {
            await ModeAsync(mode, cancellationToken);
        }

        if (_model != model)
        {
            await ModelAsync(model, cancellationToken);
        }

        if (_effort != effort)
        {
            await EffortAsync(effort, cancellationToken);
        }
    }

    /// <summary>The agent has changed its mode itself.</summary>
    public void ModeIs(string mode) => _mode = mode;

    private async Task<string?> ModeAsync(string mode, CancellationToken cancellationToken)
    {
        // Before it is asked: the echo may come before the answer.
        var before = notices.ModeChosen(mode);
        if (await RefusedAsync(new JsonObject { ["subtype"] = "set_permission_mode", ["mode"] = mode }, cancellationToken) is { } refusal)
        {
            notices.ModeChosen(before);
            return mode is ClaudeModes.Bypass
                ? "Claude Code was started without the right to bypass permissions; as root it needs IS_SANDBOX=1 in its environment."
                : refusal;
        }

        _mode = mode;
        return null;
    }

    private async Task<string?> ModelAsync(string? model, CancellationToken cancellationToken)
    {
        if (await RefusedAsync(new JsonObject { ["subtype"] = "set_model", ["model"] = model ?? "default" }, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        notices.ModelChosen();
        _model = model;
        return null;
    }

    private async Task<string?> EffortAsync(string? effort, CancellationToken cancellationToken)
    {
        if (await RefusedAsync(Effort(effort), cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // It takes any word without complaint; only its settings tell whether it understood.
        var (applied, _) = await AskAsync(new JsonObject { ["subtype"] = "get_settings" }, cancellationToken);
        if (effort is not null && applied.At("applied").Text("effort") != effort)
        {
            await RefusedAsync(Effort(_effort), cancellationToken);
            return $"Claude Code does not work with the effort \"{effort}\" on this model.";
        }

        _effort = effort;
        return null;
    }

    private static JsonObject Effort(string? effort) => new()
    {
        ["subtype"] = "apply_flag_settings",
        ["settings"] = new JsonObject { ["effortLevel"] = effort },
    };

    private async Task<string?> RefusedAsync(JsonObject request, CancellationToken cancellationToken) => (await AskAsync(request, cancellationToken)).Error;

    private async Task<(JsonElement Response, string? Error)> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await channel.AskAsync(request, ClaudeChannel.Patience, cancellationToken);
            return (answer.Response, answer.Error);
        }
        catch (RpcClosedException ex)
        {
            return (default, ex.Message);
        }
        catch (TimeoutException)
        {
            return (default, "Claude Code did not answer.");
        }
    }
}
