using System.Text.Json;
using Hapi.Agents;
using Hapi.Contracts.Link;

namespace Hapi.Session.Permissions;

/// <summary>
/// The questions the agent has open. Each is a fact when it is asked and a fact when it is closed: answered by a person, or withdrawn.
/// Of two answers the first counts.
/// </summary>
internal sealed class PermissionDesk(SessionLog log, IStatusLines lines)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<PermissionDecision>> _open = [];
    private readonly HashSet<string> _known = [];

    /// <inheritdoc cref="IAgentHost.AskAsync"/>
    public async Task<PermissionDecision> AskAsync(PermissionAsk ask, CancellationToken cancellationToken)
    {
        var (id, answer) = Open(ask.Id);
        await log.AppendAsync(new RequestOpened(log.Now, id, ask.Tool, ask.Arguments, ask.Options));
        lines.Say(ask.Kind is AskKind.Permission ? $"The agent asks for permission: {ask.Tool}" : "The agent has a question.");
        try
        {
            return await answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (Take(id))
            {
                await log.AppendAsync(new RequestClosed(log.Now, id, "canceled", "The agent withdrew it", Decision: "abort"));
                throw;
            }

            return await answer.Task; // an answer came at the same moment, and is recorded
        }
    }

    /// <summary>A person's answer. The facts are on disk before the agent hears it.</summary>
    public async Task AnswerAsync(Command command)
    {
        if (Read(command) is not { } answer)
        {
            await log.RefuseAsync(command, CommandRefusals.InvalidBody);
            return;
        }

        TaskCompletionSource<PermissionDecision>? waiting;
        bool known;
        lock (_gate)
        {
            _open.Remove(answer.RequestId, out waiting);
            known = _known.Contains(answer.RequestId);
        }

        if (waiting is null)
        {
            await log.RefuseAsync(command, known ? CommandRefusals.RequestAlreadyClosed : CommandRefusals.RequestUnknown);
            return;
        }

        var decision = Decide(answer);
        await log.AcceptAsync(command);
        await log.AppendAsync(new RequestClosed(
            log.Now, answer.RequestId, decision.Verdict is Verdict.Approved or Verdict.ApprovedForSession ? "approved" : "denied",
            answer.Reason, answer.Mode, answer.Decision ?? Word(decision.Verdict), answer.AllowTools, answer.Answers, command.By));
        waiting.TrySetResult(decision);
    }

    private (string Id, TaskCompletionSource<PermissionDecision> Answer) Open(string wanted)
    {
        var answer = new TaskCompletionSource<PermissionDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            // An agent may ask again about the same call; an answered card must not answer that.
            var id = wanted;
            for (var n = 2; !_known.Add(id); n++)
            {
                id = $"{wanted}#{n}";
            }

            _open[id] = answer;
            return (id, answer);
        }
    }

    private bool Take(string id)
    {
        lock (_gate)
        {
            return _open.Remove(id);
        }
    }

    private static PermissionAnswerCommand? Read(Command command)
    {
        try
        {
            return JsonSerializer.Deserialize(command.Body.Utf8.Span, LinkJson.Default.PermissionAnswerCommand);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PermissionDecision Decide(PermissionAnswerCommand answer) => new(
        (answer.Approved, answer.Decision) switch
        {
            (true, "approved_for_session") => Verdict.ApprovedForSession,
            (true, _) => Verdict.Approved,
            (false, "abort") => Verdict.Abort,
            _ => Verdict.Denied,
        },
        answer.Reason, answer.Mode, answer.AllowTools, answer.Answers);

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Approved => "approved",
        Verdict.ApprovedForSession => "approved_for_session",
        Verdict.Abort => "abort",
        _ => "denied",
    };
}
