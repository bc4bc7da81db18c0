using System.Text.Json;
using Hapi.Agents.Acp.Updates;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Acp;

/// <summary>Any agent that speaks the Agent Client Protocol on its standard streams.</summary>
internal sealed class AcpAgent : IAgent
{
    private static readonly TimeSpan s_listLimit = TimeSpan.FromSeconds(5);
    private readonly AgentStart _start;
    private readonly TimeProvider _time;
    private readonly Func<AgentStart, TimeProvider, IAcpProgram> _launch;
    private readonly AcpConversation _conversation;
    private readonly AcpPermissions _permissions;
    private readonly SemaphoreSlim _oneTurn = new(1, 1);
    private readonly TaskCompletionSource<AgentExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAcpProgram? _program;
    private AcpConnection? _connection;
    private SettingsChanger? _settings;
    private AcpCapabilities? _agent;
    private AcpTurn? _turn;
    private Task _titles = Task.CompletedTask;
    private Task<AgentExit>? _stop;
    private volatile bool _stopping;

    public AcpAgent(AgentStart start, IAgentHost host, TimeProvider time)
        : this(start, host, time, AcpProgram.Start)
    {
    }

    internal AcpAgent(AgentStart start, IAgentHost host, TimeProvider time, Func<AgentStart, TimeProvider, IAcpProgram> launch)
    {
        (_start, _time, _launch) = (start, time, launch);

        // Ids of streams are kept for ever with what they became, so they must differ from those of an earlier process.
        var (prefix, count) = (Guid.NewGuid().ToString("N")[..8], 0);
        var translator = new UpdateTranslator(() => $"acp-{prefix}-{++count}", new TurnUsage(continued: start.NativeSessionId is not null));
        _conversation = new AcpConversation(host, time, translator);
        _permissions = new AcpPermissions(host, _conversation, () => AbortAsync(CancellationToken.None), SetModeAsync);
    }

    public Task<AgentExit> Completion => _completion.Task;

    public async Task<AgentReady> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _program = _launch(_start, _time);
            _connection = new AcpConnection(_program, _time, _conversation.ApplyAsync, _permissions.AskAsync);
            _ = WatchAsync(_connection);
            _agent = await new AcpOpening(_start, _connection, _conversation, ProgramName).OpenAsync(cancellationToken);
            _permissions.KnowsHapi = _agent.Questions;
            _settings = new SettingsChanger(_connection, _conversation, _agent.Label);
            _settings.Remember();
            await SetUpAsync(cancellationToken);
        }
        catch
        {
            await StopAsync();
            throw;
        }

        var now = _conversation.Settings;
        return new AgentReady(
            _connection.SessionId, now.Model.CurrentId, now.Mode.CurrentId, now.ModeOptions, now.ModelOptions, now.Commands, _agent.Version);
    }

    public async Task<TurnResult> PromptAsync(AgentPrompt prompt, CancellationToken cancellationToken)
    {
        var (connection, agent) = Started();

        // Never a second prompt beside a running one: agents merge it, refuse it, drop it or cut the first short, each as it likes.
        await _oneTurn.WaitAsync(cancellationToken);
        try
        {
            using var turn = _turn = new AcpTurn(_time);
            _permissions.Begin();
            var blocks = await PromptBlock.OfAsync(prompt, agent.Images, cancellationToken);
            await _conversation.BeginTurnAsync(cancellationToken);
            var outcome = await RunAsync(turn, connection, agent, blocks, prompt.OnGiven, cancellationToken);
            _turn = null;
            return await EndAsync(outcome, connection, agent);
        }
        finally
        {
            _turn = null;
            _oneTurn.Release();
        }
    }

    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        if (_turn is not { } turn || _connection is not { SessionId: { } session } connection || !turn.Abort())
        {
            return;
        }

        if (turn.IsSent)
        {
            await connection.NotifyAsync("session/cancel", AcpMessages.Session(session), cancellationToken);
        }

        // Only now: an agent that hears of the cancelled request first may begin something else.
        _permissions.Withdraw(closed: true);
    }

    public Task<ConfigResult> ConfigureAsync(AgentConfig change, CancellationToken cancellationToken)
    {
        _ = Started();
        return _settings!.ChangeAsync(change, cancellationToken);
    }

    public Task<AgentExit> StopAsync() => _stop ??= EndProgramAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        // A turn that runs hears that the agent is gone, and ends.
        await _oneTurn.WaitAsync();
        await _titles;
        _settings?.Dispose();
        _conversation.Dispose();
        _oneTurn.Dispose();
    }

    private string ProgramName => _start.Flavor is DemoFlavor.Id ? "The demo agent" : Path.GetFileName(_start.Command is { Count: > 0 } command ? command[0] : "The agent");

    private (AcpConnection Connection, AcpCapabilities Agent) Started() =>
        _connection is { } connection && _agent is { } agent ? (connection, agent) : throw new InvalidOperationException("The agent has not been started.");

    /// <summary>Sets the agent as the session wants it. What it cannot do is told; the session goes on.</summary>
    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        AgentConfig[] wishes =
        [
            new(PermissionMode: _start.PermissionMode),
            new(Model: _start.Model),
            new(Effort: _start.Effort),
        ];
        foreach (var wish in wishes)
        {
            if ((await _settings!.ChangeAsync(wish, cancellationToken)).Refusal is { } refusal)
            {
                await _conversation.NoteAsync(new Noted(refusal), cancellationToken);
            }
        }
    }

    private static async Task<TurnOutcome> RunAsync(
        AcpTurn turn, AcpConnection connection, AcpCapabilities agent, IReadOnlyList<PromptBlock> blocks, Action? onGiven, CancellationToken cancellationToken)
    {
        if (turn.IsAborting)
        {
            return new TurnOutcome(TurnEnd.Aborted);
        }

        try
        {
            var answer = connection.RequestAsync("session/prompt", AcpMessages.Prompt(connection.SessionId!, blocks), onGiven, cancellationToken);
            turn.IsSent = true;
            if (turn.IsAborting)
            {
                // Somebody pressed stop while the prompt was being written, and could not cancel it yet.
                await connection.NotifyAsync("session/cancel", AcpMessages.Session(connection.SessionId!), cancellationToken);
            }

            if (await Task.WhenAny(answer, turn.GivenUp) != answer)
            {
                _ = answer.ContinueWith(late => late.Exception, TaskScheduler.Default);
                return new TurnOutcome(TurnEnd.Aborted, Note: $"{agent.Label} has not confirmed that it stopped; it may still be at work.");
            }

            var outcome = TurnOutcome.Of(await answer);
            return turn.IsAborting ? outcome with { End = TurnEnd.Aborted, Note = null, Message = null } : outcome;
        }
        catch (RpcException ex)
        {
            return turn.IsAborting ? new TurnOutcome(TurnEnd.Aborted) : TurnOutcome.Of(ex, agent.Label);
        }
        catch (RpcClosedException)
        {
            var exit = await connection.Ended;
            return new TurnOutcome(TurnEnd.AgentGone, connection.Fault is { } fault ? $"{agent.Label} was stopped: {fault.Message}" : AcpErrors.Describe(agent.Label, exit, connection.LastNoise));
        }
    }

    private async Task<TurnResult> EndAsync(TurnOutcome outcome, AcpConnection connection, AcpCapabilities agent)
    {
        if (outcome.End is not TurnEnd.AgentGone)
        {
            await _conversation.LateWordsAsync(CancellationToken.None);
        }

        // Whoever is still asked is asked in vain.
        _permissions.Withdraw(closed: false);
        if (outcome is { End: TurnEnd.Failed, Message: { } told })
        {
            // claude-agent-acp tells an error as text, too.
            _ = await _conversation.TakeBackAsync(text => told.Contains(text.Trim(), StringComparison.Ordinal));
        }
        else if (await _conversation.TakeBackAsync(text => outcome.IsToldAsText(agent.Name ?? "", text)) is { } error)
        {
            outcome = outcome with { End = TurnEnd.Failed, Message = AcpErrors.Shorten(error["Error: ".Length..]) };
        }

        var (callsEnd, callsFailed) = outcome.End switch
        {
            TurnEnd.Completed => ("", false),
            TurnEnd.Aborted => ("Stopped.", true),
            TurnEnd.AgentGone => ("The agent ended before this was done.", true),
            _ => ("The turn failed before this was done.", true),
        };
        await _conversation.EndTurnAsync(outcome.Answer, callsEnd, callsFailed);
        var note = outcome.Note ?? (outcome.End is TurnEnd.Completed && !_conversation.HasSpoken ? $"{agent.Label} ended its turn without an answer." : null);
        if (note is not null)
        {
            await _conversation.NoteAsync(new Noted(note), CancellationToken.None);
        }

        if (agent.List && !_conversation.TellsTitle && outcome.End is TurnEnd.Completed && _titles.IsCompleted)
        {
            _titles = RefreshTitleAsync(connection);
        }

        return new TurnResult(outcome.End, outcome.Message);
    }

    /// <summary>Agents that do not tell their title of a conversation have it in their list.</summary>
    private async Task RefreshTitleAsync(AcpConnection connection)
    {
        try
        {
            var list = await connection.RequestAsync("session/list", AcpMessages.List(_start.Directory), s_listLimit, CancellationToken.None);
            var title = list.Items("sessions").FirstOrDefault(session => session.Text("sessionId") == connection.SessionId).Words("title");
            await _conversation.TitledAsync(title, CancellationToken.None);
        }
        catch (Exception ex) when (ex is RpcException or RpcClosedException or TimeoutException or JsonException)
        {
            // A title is a nicety.
        }
    }

    private async Task<string?> SetModeAsync(string mode, CancellationToken cancellationToken) =>
        _settings is { } settings ? (await settings.ChangeAsync(new AgentConfig(PermissionMode: mode), cancellationToken)).Refusal : null;

    private async Task WatchAsync(AcpConnection connection)
    {
        var exit = await connection.Ended;
        _permissions.Withdraw(closed: true);
        _completion.TrySetResult(Exit(exit, connection));
    }

    private async Task<AgentExit> EndProgramAsync()
    {
        _stopping = true;
        _permissions.Withdraw(closed: true);
        if (_program is not { } program || _connection is null)
        {
            _completion.TrySetResult(new AgentExit(0, null));
            return await Completion;
        }

        await program.StopAsync();
        return await Completion;
    }

    private AgentExit Exit(ExitReport exit, AcpConnection connection) =>
        new(exit.ExitCode, _stopping ? null : AcpErrors.Describe(_agent?.Label ?? ProgramName, exit, connection.LastNoise));
}
