using System.Text.Json;
using Hapi.Agents.Acp.Updates;
using Hapi.Contracts.Link;

namespace Hapi.Agents.Acp;

/// <summary>The permission requests that are open. Several can be, at once (Copilot asks for parallel calls in parallel).</summary>
/// <param name="abort">Ends the turn; a decision can ask for that.</param>
/// <param name="setMode">Changes the mode before a plan is approved; gives a refusal, or <see langword="null"/>.</param>
internal sealed class AcpPermissions(IAgentHost host, AcpConversation conversation, Func<Task> abort, Func<string, CancellationToken, Task<string?>> setMode)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CancellationTokenSource> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>The agent takes what ACP has no words for: answers and reasons.</summary>
    public bool KnowsHapi { get; set; }

    /// <summary>A new turn: requests are asked again.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _closed = false;
        }
    }

    /// <summary>Withdraws what is open: the agent hears <c>cancelled</c>, the host that nobody asks any more. With <paramref name="closed"/>, so does what still comes.</summary>
    public void Withdraw(bool closed)
    {
        CancellationTokenSource[] open;
        lock (_gate)
        {
            _closed = closed;
            open = [.. _open.Values];
        }

        foreach (var request in open)
        {
            request.Cancel();
        }
    }

    /// <summary>Answers one <c>session/request_permission</c>, however long a person takes. It never grants what nobody granted.</summary>
    public async Task<ReadOnlyMemory<byte>> AskAsync(JsonElement request, CancellationToken cancellationToken)
    {
        var toolCall = request.Object("toolCall") ?? default;
        var callId = toolCall.Words("toolCallId") ?? $"request-{Guid.NewGuid():N}";
        var options = PermissionOption.Read(request);
        var call = await conversation.AskedAsync(callId, toolCall, cancellationToken);
        var ask = new PermissionAsk(
            callId, call.Name, call.Input(), KindOf(call), [.. options.Select(option => new RequestOption(option.Id, option.Label, option.Kind))]);
        return AcpMessages.Outcome(await AskAsync(ask, call, options, cancellationToken));
    }

    private async Task<PermissionAnswer> AskAsync(PermissionAsk ask, ToolCall call, IReadOnlyList<PermissionOption> options, CancellationToken cancellationToken)
    {
        using var withdrawn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (Open(ask.Id, withdrawn) is not { } id)
        {
            return PermissionAnswer.Cancelled;
        }

        try
        {
            var decision = await host.AskAsync(ask with { Id = id }, withdrawn.Token);
            withdrawn.Token.ThrowIfCancellationRequested();
            return await AnswerAsync(decision, ask, call, options, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return PermissionAnswer.Cancelled;
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(id);
            }
        }
    }

    private async Task<PermissionAnswer> AnswerAsync(
        PermissionDecision decision, PermissionAsk ask, ToolCall call, IReadOnlyList<PermissionOption> options, CancellationToken cancellationToken)
    {
        if (decision.Verdict is Verdict.Abort)
        {
            call.IsDenied = true;

            // The agent must know that the turn ends before it learns that the call may not run, or it goes on with something else.
            await abort();
            return PermissionAnswer.Cancelled;
        }

        if (decision is { Verdict: Verdict.Approved or Verdict.ApprovedForSession, UpdatedInput: { } changed } && changed != ask.Arguments)
        {
            // ACP cannot carry another input. To run what the person has just corrected would be worse than to run nothing.
            decision = new PermissionDecision(Verdict.Denied, "The input was changed, which this agent cannot take.");
            await conversation.NoteAsync(new Noted("This agent cannot run a changed input, so the request was denied. Tell it in a message what to do instead."), cancellationToken);
        }

        call.IsDenied = decision.Verdict is Verdict.Denied;
        if (decision is { Verdict: Verdict.Approved or Verdict.ApprovedForSession, Mode: { } mode } && options.All(option => option.Id != mode)
            && await setMode(mode, cancellationToken) is { } refusal)
        {
            await conversation.NoteAsync(new Noted(refusal), cancellationToken);
        }

        return PermissionAnswer.Choose(decision, options, KnowsHapi);
    }

    /// <summary>Gives the id under which it is asked. A call can be asked about twice; an answered request is never opened again.</summary>
    private string? Open(string callId, CancellationTokenSource withdrawn)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            var id = callId;
            for (var n = 2; !_used.Add(id); n++)
            {
                id = $"{callId}#{n}";
            }

            _open[id] = withdrawn;
            return id;
        }
    }

    private AskKind KindOf(ToolCall call) => call.Name switch
    {
        "AskUserQuestion" when KnowsHapi => AskKind.Question,
        "ExitPlanMode" or "exit_plan_mode" => AskKind.Plan,
        _ => call.Kind is "switch_mode" ? AskKind.Plan : AskKind.Permission,
    };
}
