using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>Changes mode, model and effort, by whichever of ACP's ways the agent knows. All of a change is applied, or nothing of it.</summary>
internal sealed class SettingsChanger(AcpConnection connection, AcpConversation conversation, string label) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private AcpSettings? _atFirst;

    /// <summary>Remembers how the agent was set before anybody changed it: that is what clearing a setting goes back to.</summary>
    public void Remember() => _atFirst ??= conversation.Settings;

    public async Task<ConfigResult> ChangeAsync(AgentConfig change, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var before = conversation.Settings;
            var refusal = await ModeAsync(change.PermissionMode, cancellationToken)
                ?? await ModelAsync(change.Model ?? (change.ClearModel ? _atFirst?.Model.Current : null), cancellationToken)
                ?? await EffortAsync(change.Effort ?? (change.ClearEffort ? _atFirst?.Effort.Current : null), cancellationToken);
            if (refusal is not null)
            {
                await GoBackAsync(before, cancellationToken);
            }

            var now = conversation.Settings;
            return new ConfigResult(now.Mode.CurrentId, now.Model.CurrentId, now.Effort.CurrentId, refusal);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task GoBackAsync(AcpSettings before, CancellationToken cancellationToken)
    {
        var now = conversation.Settings;
        _ = await ModeAsync(before.Mode.Current != now.Mode.Current ? before.Mode.Current : null, cancellationToken);
        _ = await ModelAsync(before.Model.Current != now.Model.Current ? before.Model.Current : null, cancellationToken);
    }

    private Task<string?> ModeAsync(string? wanted, CancellationToken cancellationToken) =>
        SetAsync("mode", wanted, s => s.Mode, (s, mode) => s with { Mode = mode }, "session/set_mode", AcpMessages.SetMode, cancellationToken);

    private Task<string?> ModelAsync(string? wanted, CancellationToken cancellationToken) =>
        SetAsync("model", wanted, s => s.Model, (s, model) => s with { Model = model }, "session/set_model", AcpMessages.SetModel, cancellationToken);

    private Task<string?> EffortAsync(string? wanted, CancellationToken cancellationToken) =>
        SetAsync("effort", wanted, s => s.Effort, (s, effort) => s with { Effort = effort }, null, null, cancellationToken);

    private async Task<string?> SetAsync(
        string noun,
        string? wanted,
        Func<AcpSettings, AcpSetting> get,
        Func<AcpSettings, AcpSetting, AcpSettings> put,
        string? method,
        Func<string, string, ReadOnlyMemory<byte>>? write,
        CancellationToken cancellationToken)
    {
        var setting = get(conversation.Settings);
        if (wanted is null || wanted == setting.Current || wanted == setting.CurrentId)
        {
            return null;
        }

        if (setting.Choices.Count == 0 && setting.OptionId is null && (method is null || setting.Current is not null))
        {
            return $"{label} lets nobody choose its {noun}.";
        }

        if (setting.Choices.Count > 0 && setting.Find(wanted) is null)
        {
            return $"{label} has no {noun} \"{wanted}\". It has: {string.Join(", ", setting.Choices.Select(choice => choice.Id))}.";
        }

        var native = setting.Find(wanted)?.Native ?? wanted;

        // Taken as set before the agent has answered: it may tell of the change first, and that is no news to anybody.
        await conversation.SetAsync(s => put(s, get(s) with { Current = native, IsChanging = true }), cancellationToken);
        try
        {
            await SendAsync(setting, native, method, write, cancellationToken);
            await conversation.SetAsync(s => put(s, get(s) with { IsChanging = false }), CancellationToken.None);
            return null;
        }
        catch (Exception ex) when (ex is RpcException or RpcClosedException or TimeoutException or OperationCanceledException)
        {
            await conversation.SetAsync(s => put(s, get(s) with { Current = setting.Current, IsChanging = false }), CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return ex is RpcException { Code: RpcException.MethodNotFound }
                ? $"{label} cannot change its {noun} while it runs."
                : $"{label} did not change its {noun}: {(ex is RpcException rpc ? AcpErrors.Describe(rpc) : ex.Message)}";
        }
    }

    private async Task SendAsync(
        AcpSetting setting, string value, string? method, Func<string, string, ReadOnlyMemory<byte>>? write, CancellationToken cancellationToken)
    {
        var session = connection.SessionId ?? "";
        if (method is not null && write is not null && (setting.OwnMethod || setting.OptionId is null))
        {
            try
            {
                await connection.RequestAsync(method, write(session, value), s_limit, cancellationToken);
                return;
            }
            catch (RpcException ex) when (ex.Code is RpcException.MethodNotFound && setting.OptionId is not null)
            {
                // Announced both ways, but only the option works (claude-agent-acp's and codex-acp's models).
            }
        }

        var answer = await connection.RequestAsync("session/set_config_option", AcpMessages.SetOption(session, setting.OptionId!, value), s_limit, cancellationToken);

        // One option can change others: a model has its own efforts.
        await conversation.SetAsync(settings => settings.With(answer), cancellationToken);
    }
}
