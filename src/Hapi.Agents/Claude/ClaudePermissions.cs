using System.Collections.Concurrent;
using System.Text.Json;
using Hapi.Contracts;
using Hapi.Rpc;

namespace Hapi.Agents.Claude;

/// <summary>Carries Claude Code's questions to a person. A person may take an hour; reading goes on meanwhile.</summary>
internal sealed class ClaudePermissions(IAgentHost host, ClaudeChannel channel, ClaudeAllowList allowed, ClaudeDecisions decisions)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new();

    /// <param name="callInput">The input as the model wrote it: Claude Code asks about a plan without telling the plan.</param>
    public void Ask(string requestId, JsonElement request, RawJson? callInput)
    {
        var withdrawn = new CancellationTokenSource();
        _open[requestId] = withdrawn;
        _ = AnswerAsync(requestId, request, callInput, withdrawn);
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

    private async Task AnswerAsync(string requestId, JsonElement request, RawJson? callInput, CancellationTokenSource withdrawn)
    {
        var (tool, input) = (request.Text("tool_name") ?? "Tool", request.At("input"));
        try
        {
            if (allowed.Covers(tool, input))
            {
                await channel.AnswerAsync(requestId, ClaudeDecisions.Allow(input), withdrawn.Token);
                return;
            }

            var call = request.Text("tool_use_id") ?? requestId;
            var shown = tool is "ExitPlanMode" && input.Text("plan") is null && callInput is { } written ? written : input.Raw();
            var decision = await host.AskAsync(new PermissionAsk(call, tool, shown, KindOf(tool)), withdrawn.Token);
            if (decision.UpdatedInput is { IsNull: false } updated && decision.Verdict is Verdict.Approved or Verdict.ApprovedForSession)
            {
                await host.EmitAsync(new ToolCalled(call, tool, updated), withdrawn.Token);
            }

            await channel.AnswerAsync(requestId, decisions.Response(request, decision), withdrawn.Token);
        }
        catch (Exception ex) when (ex is OperationCanceledException or RpcClosedException)
        {
            // Withdrawn, or gone: nobody waits for the answer.
        }
        finally
        {
            _open.TryRemove(requestId, out _);
            withdrawn.Dispose();
        }
    }

    private static AskKind KindOf(string tool) => tool switch
    {
        "AskUserQuestion" => AskKind.Question,
        "ExitPlanMode" => AskKind.Plan,
        _ => AskKind.Permission,
    };
}
