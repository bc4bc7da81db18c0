using System.Text.Json;
using Hapi.Agents;
using Hapi.Contracts.Link;
using Hapi.Session.Live;
using Hapi.Session.Prompts;

namespace Hapi.Session.Turns;

/// <summary>
/// How the agent is set: what a person wants now, and what the agent has. A wish is applied at once where the agent can; prompts that came before
/// it still run as things were set when they came.
/// </summary>
internal sealed class ConfigDesk(SessionLog log, LiveState live, AgentSeat seat, PromptMode first) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _busy = [];
    private PromptMode _wanted = first, _applied = first;

    public PromptMode Wanted => _wanted;

    /// <summary>The agent runs now, set like this.</summary>
    public void Started(AgentReady ready)
    {
        _wanted = _wanted with { PermissionMode = ready.PermissionMode ?? _wanted.PermissionMode, Model = _wanted.Model ?? ready.Model };
        _applied = _wanted;
    }

    /// <summary>The agent changed a setting by itself.</summary>
    public void AgentChanged(ConfigChanged change)
    {
        _wanted = Over(_wanted, change.PermissionMode, change.Model, change.Effort);
        _applied = Over(_applied, change.PermissionMode, change.Model, change.Effort);
        live.Configured(change.PermissionMode, change.Model, change.Effort);
    }

    /// <summary>Begins to carry out a <c>config.set</c>; the fact that answers it follows when the agent has spoken.</summary>
    public void Begin(Command command)
    {
        lock (_busy)
        {
            if (!_busy.Add(command.Id))
            {
                return; // sent again while the agent thinks about it
            }
        }

        _ = SetAsync(command);
    }

    /// <summary>Sets the agent as it was when the prompt came. Gives the agent's refusal, if it refuses.</summary>
    public async Task<string?> ApplyAsync(PromptMode mode)
    {
        await _gate.WaitAsync();
        try
        {
            return await ApplyInsideAsync(mode);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task SetAsync(Command command)
    {
        await _gate.WaitAsync();
        try
        {
            if (Read(command) is not { } wish)
            {
                await log.RefuseAsync(command, CommandRefusals.InvalidBody);
                return;
            }

            var before = _wanted;
            _wanted = new PromptMode(
                wish.PermissionMode ?? before.PermissionMode,
                wish.ClearModel ? null : wish.Model ?? before.Model,
                wish.ClearEffort ? null : wish.Effort ?? wish.ModelReasoningEffort ?? before.Effort);
            if (await ApplyInsideAsync(_wanted) is { } refusal)
            {
                _wanted = before;
                await log.RefuseAsync(command, CommandRefusals.AgentRefused, refusal);
                return;
            }

            await log.AcceptAsync(command);
        }
        finally
        {
            _gate.Release();
            lock (_busy)
            {
                _busy.Remove(command.Id);
            }
        }
    }

    private async Task<string?> ApplyInsideAsync(PromptMode mode)
    {
        if (mode == _applied || seat.Current is not { } agent)
        {
            return null; // an agent that starts later starts with what is wanted then
        }

        var change = new AgentConfig(
            mode.PermissionMode == _applied.PermissionMode ? null : mode.PermissionMode,
            mode.Model == _applied.Model ? null : mode.Model, mode.Model is null && _applied.Model is not null,
            mode.Effort == _applied.Effort ? null : mode.Effort, mode.Effort is null && _applied.Effort is not null);
        var result = await agent.ConfigureAsync(change, CancellationToken.None);
        if (result.Refusal is { } refusal)
        {
            return refusal;
        }

        _applied = mode;
        live.Configured(result.PermissionMode ?? change.PermissionMode, result.Model ?? change.Model, result.Effort ?? change.Effort);
        return null;
    }

    private static PromptMode Over(PromptMode mode, string? permissionMode, string? model, string? effort) =>
        new(permissionMode ?? mode.PermissionMode, model ?? mode.Model, effort ?? mode.Effort);

    private static ConfigSetCommand? Read(Command command)
    {
        try
        {
            return JsonSerializer.Deserialize(command.Body.Utf8.Span, LinkJson.Default.ConfigSetCommand);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
