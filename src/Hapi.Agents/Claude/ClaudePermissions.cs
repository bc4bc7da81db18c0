using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.Agents.Claude;

/// <summary>Carries Claude Code's questions to a person. A person may take an hour; reading goes on meanwhile.</summary>
internal sealed class ClaudePermissions(IAgentHost host, ClaudeChannel channel, ClaudeAllowList allowed, ClaudeDecisions decisions)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new();

    /// <param name="call">The call that is asked about, if it has been told.</param>
    public void Ask(string requestId, JsonElement request, ClaudeCalls.Call? call)
    {
        var withdrawn = new CancellationTokenSource();
        _open[requestId] = withdrawn;
        _ = AnswerAsync(requestId, request, call, withdrawn.Token);
    }

    /// <summary>Claude Code does not want to know any more.</summary>
    public void Withdraw(string requestId)
    {
        if (_open.TryRemove(requestId, out var withdrawn))
        {
            withdrawn.Cancel();
        }
    }

    public void WithdrawAll()
    {
        foreach (var requestId in _open.Keys)
        {
            Withdraw(requestId);
        }
    }

    private async Task AnswerAsync(string requestId, JsonElement request, ClaudeCalls.Call? call, CancellationToken withdrawn)
    {
        try
        {
            await channel.AnswerAsync(requestId, await ResponseAsync(requestId, request, call, withdrawn), withdrawn);
        }
        catch (Exception ex) when (ex is OperationCanceledException or RpcClosedException)
        {
            // Withdrawn, or gone: nobody waits for the answer.
        }
        finally
        {
            _open.TryRemove(requestId, out _);
        }
    }

    private async Task<JsonObject> ResponseAsync(string requestId, JsonElement request, ClaudeCalls.Call? call, CancellationToken withdrawn)
    {
        var (tool, input) = (request.Text("tool_name") ?? "Tool", request.At("input"));
        if (allowed.Covers(tool, input) && !request.Flag("requires_user_interaction"))
        {
            return ClaudeDecisions.Allow(input);
        }

        try
        {
            var id = request.Text("tool_use_id") ?? requestId;
            // Claude Code asks about a plan without telling the plan.
            var shown = tool is "ExitPlanMode" && input.Text("plan") is null && call is not null ? call.Input : input.Raw();
            var decision = await host.AskAsync(new PermissionAsk(id, tool, shown, KindOf(tool)), withdrawn);
            if (decision.UpdatedInput is { IsNull: false } updated && decision.Verdict is Verdict.Approved or Verdict.ApprovedForSession)
            {
                await host.EmitAsync(new ToolCalled(id, tool, updated) { Run = call?.Run }, withdrawn);
            }

            return decisions.Response(request, decision);
        }
        catch (Exception ex) when (ex is not OperationCanceledException)
        {
            // Unanswered, Claude Code would wait for ever.
            return ClaudeDecisions.Deny($"The user could not be asked: {ex.Message}");
        }
    }

    private static AskKind KindOf(string tool) => tool switch
    {
        "AskUserQuestion" => AskKind.Question,
        "ExitPlanMode" => AskKind.Plan,
        _ => AskKind.Permission,
    };
}
