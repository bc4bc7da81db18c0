using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Claude;

/// <summary>Claude Code as a child process, over its stream-json control protocol.</summary>
internal sealed class ClaudeAgent(AgentStart start, IAgentHost host, TimeProvider time) : IAgent
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60), s_abortPatience = TimeSpan.FromSeconds(20), s_stopPatience = TimeSpan.FromSeconds(3);
    private static readonly StopStep[] s_ladder = [StopStep.CloseInput, StopStep.Terminate, StopStep.KillTree];
    private readonly CancellationTokenSource _life = new();
    private readonly ClaudeTurns _turns = new();
    private readonly ClaudeAllowList _allowed = new();
    private readonly ClaudeTranslator _translator = new(start.Fork ? null : start.NativeSessionId, start.PermissionMode ?? ClaudeModes.Default);
    private readonly TaskCompletionSource<AgentExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChildProcess? _child;
    private ClaudeChannel? _channel;
    private ClaudePermissions? _permissions;
    private ClaudeSettings? _settings;
    private string? _refusal, _ended, _cause;
    private volatile bool _stopping, _settling;

    public Task<AgentExit> Completion => _completion.Task;

    public async Task<AgentReady> StartAsync(CancellationToken cancellationToken)
    {
        var launch = ClaudeLaunch.Of(start);
        if (!Directory.Exists(start.Directory))
        {
            throw new AgentException("agent_exited", $"The folder {start.Directory} does not exist.");
        }

        try
        {
            _child = ChildProcess.Start(new ChildStart(launch.Program, launch.Arguments, start.Directory, start.Environment, OwnSession: true), time);
        }
        catch (ProgramNotFoundException ex)
        {
            throw ClaudeLaunch.NotFound(launch.Program, ex);
        }

        _channel = new ClaudeChannel(new JsonLinesTransport(_child.Output, _child.Input), time);
        _permissions = new ClaudePermissions(host, _channel, _allowed, new ClaudeDecisions(_allowed, launch.AllowsBypass));
        _settings = new ClaudeSettings(_channel, _translator.Notices);
        _ = WatchAsync(_child, ReadAsync(_channel, _permissions, _life.Token));
        try
        {
            var hello = await _channel.AskAsync(new JsonObject { ["subtype"] = "initialize", ["hooks"] = null }, s_startPatience, cancellationToken);
            if (hello.Error is { } error)
            {
                throw new AgentException("agent_protocol", $"Claude Code refused to initialise: {error}");
            }

            var ready = ClaudeHello.Read(hello.Response, start, launch.AllowsBypass);
            _settings.Begin(ready.PermissionMode, start.Model, start.Effort);
            _translator.Notices.ModeChosen(ready.PermissionMode);
            _translator.Notices.CommandsKnown(ready.SlashCommands);
            return ready;
        }
        catch (RpcClosedException)
        {
            throw Refused(await Completion);
        }
        catch (TimeoutException ex)
        {
            await StopAsync();
            throw new AgentException("agent_timeout", $"Claude Code did not answer within {s_startPatience.TotalSeconds:0} seconds. Does `claude` work in a terminal in this folder?", ex);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    public async Task<TurnResult> PromptAsync(AgentPrompt prompt, CancellationToken cancellationToken)
    {
        if (_channel is not { } channel || Completion.IsCompleted)
        {
            return new TurnResult(TurnEnd.AgentGone, "Claude Code is not running.");
        }

        var id = Guid.NewGuid().ToString();
        var line = await ClaudePrompts.LineAsync(id, prompt, cancellationToken);
        var turn = _turns.Begin(id);
        try
        {
            await channel.SendAsync(line, cancellationToken);
            prompt.OnGiven?.Invoke();
        }
        catch (RpcClosedException)
        {
            return await NotTakenAsync();
        }

        if (Completion.IsCompleted)
        {
            // It died between the first look and the beginning of the turn; nobody else would end this one.
            return await NotTakenAsync();
        }

        return await turn.WaitAsync(cancellationToken);
    }

    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        if (_turns.Abort(out var ended))
        {
            await InterruptAsync(cancellationToken);
            _ = InsistAsync(ended);
        }
    }

    public async Task<ConfigResult> ConfigureAsync(AgentConfig change, CancellationToken cancellationToken) =>
        _settings is { } settings
            ? await settings.ApplyAsync(change, cancellationToken)
            : new ConfigResult(start.PermissionMode, start.Model, start.Effort, "Claude Code is not running.");

    public async Task<AgentExit> StopAsync()
    {
        if (_child is not { } child)
        {
            _completion.TrySetResult(new AgentExit(0, null));
            return await Completion;
        }

        _stopping = true;
        if (_turns.Running && !Completion.IsCompleted)
        {
            // At the end of its input it would first finish the turn.
            await InterruptAsync(CancellationToken.None);
        }

        await child.StopAsync(s_ladder, s_stopPatience);
        try
        {
            return await Completion.WaitAsync(s_stopPatience, time);
        }
        catch (TimeoutException)
        {
            // The session does not take what is left to say.
            await _life.CancelAsync();
            return await Completion;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_child is { } child)
        {
            await child.DisposeAsync();
        }

        _life.Dispose();
    }

    private async Task ReadAsync(ClaudeChannel channel, ClaudePermissions permissions, CancellationToken cancellationToken)
    {
        await foreach (var line in channel.ReadAsync(cancellationToken))
        {
            switch (line.Text("type"))
            {
                case "control_request" when line.Text("request_id") is { } id:
                    await RequestedAsync(channel, permissions, id, line.At("request"), cancellationToken);
                    break;
                case "control_cancel_request" when line.Text("request_id") is { } id:
                    permissions.Withdraw(id);
                    break;
                default:
                    foreach (var step in _translator.Translate(line))
                    {
                        await TakeAsync(step, cancellationToken);
                    }

                    break;
            }
        }
    }

    private async ValueTask RequestedAsync(ClaudeChannel channel, ClaudePermissions permissions, string id, JsonElement request, CancellationToken cancellationToken)
    {
        if (request.Text("subtype") is "can_use_tool")
        {
            permissions.Ask(id, request, _translator.Calls.Open(request.Text("tool_use_id") ?? ""));
            return;
        }

        // Unanswered, it would wait for ever.
        await channel.RefuseAsync(id, $"Not supported: {request.Text("subtype")}", cancellationToken);
    }

    private async ValueTask TakeAsync(ClaudeStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case Settled settled:
                Noticed(settled.Event);
                _settling = true;
                await host.EmitAsync(settled.Event, cancellationToken);
                _settling = false;
                break;
            case Showing showing:
                host.Stream(showing.Stream);
                break;
            case ShowingEnded ended:
                host.StreamEnded(ended.StreamId);
                break;
            case PromptTaken taken:
                _turns.Taken(taken.PromptId);
                break;
            case PromptDropped dropped:
                _turns.Dropped(dropped.PromptId, dropped.Result);
                break;
            case TurnBegan began:
                var turn = _turns.Began(began.PromptId);
                if (turn.Unasked)
                {
                    host.WorkingChanged(true);
                }

                if (turn.Abort)
                {
                    _ = InterruptAsync(cancellationToken);
                }

                break;
            case TurnEnded ended:
                _refusal = ended.Result.Message;
                if (_turns.Ended(ended.Result, ended.Asked))
                {
                    host.WorkingChanged(false);
                }

                break;
        }
    }

    private void Noticed(AgentEvent e)
    {
        switch (e)
        {
            case ConfigChanged { PermissionMode: { } mode }:
                _settings?.ModeIs(mode);
                break;
            case NativeSessionChanged:
                _allowed.Clear();
                break;
        }
    }

    /// <summary>Ends everything when the program has ended, whichever of the process and its pipe goes first.</summary>
    private async Task WatchAsync(ChildProcess child, Task reading)
    {
        await Task.WhenAny(reading, child.Completion);
        var fault = await HeardOutAsync(reading);
        var exit = await child.StopAsync(s_ladder, s_stopPatience);
        fault ??= await HeardOutAsync(reading);
        _permissions?.WithdrawAll();
        _cause = fault ?? _ended ?? ClaudeObituary.Cause(exit, _refusal);
        await AbandonAsync(ClaudeObituary.Sentence("before this was done", exit.ExitCode, _cause));
        _completion.TrySetResult(new AgentExit(exit.ExitCode, _stopping ? null : ClaudeObituary.Sentence("by itself", exit.ExitCode, _cause)));
        await _life.CancelAsync();
        if (_turns.Gone(ClaudeObituary.Sentence("in the middle of the turn", exit.ExitCode, _cause)))
        {
            host.WorkingChanged(false);
        }
    }

    /// <summary>
    /// Waits until the last line is read and settled. Something the program left running may hold its pipe open for ever; that is not waited for.
    /// Gives what the session could not take.
    /// </summary>
    private async Task<string?> HeardOutAsync(Task reading)
    {
        while (true)
        {
            try
            {
                await reading.WaitAsync(s_stopPatience, time, _life.Token);
                return null;
            }
            catch (TimeoutException)
            {
                if (!_settling)
                {
                    return null;
                }
            }
            catch (Exception ex)
            {
                // The session could not take what was said (it is ending, or its disk is broken): the agent must not go on unheard.
                return ex is OperationCanceledException or RpcClosedException ? null : ex.Message;
            }
        }
    }

    private async Task AbandonAsync(string why)
    {
        try
        {
            foreach (var step in _translator.Abandon(why))
            {
                await TakeAsync(step, _life.Token).AsTask().WaitAsync(_life.Token);
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The session that should keep it is gone too.
        }
    }

    private AgentException Refused(AgentExit exit) => _cause?.Contains("No conversation found", StringComparison.OrdinalIgnoreCase) is true
        ? new AgentException("conversation_not_found", $"Claude Code does not know the conversation {start.NativeSessionId} in this folder. Start a new session, or resume it where it was begun.")
        : new AgentException("agent_exited", ClaudeObituary.Sentence("as soon as it was started", exit.ExitCode, _cause));

    private async Task<TurnResult> NotTakenAsync() =>
        new(TurnEnd.AgentGone, ClaudeObituary.Sentence("before it took the message", (await Completion).ExitCode, _cause));

    private async Task InterruptAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _channel!.AskAsync(new JsonObject { ["subtype"] = "interrupt" }, s_stopPatience, cancellationToken);
        }
        catch (Exception ex) when (ex is RpcClosedException or TimeoutException || (ex is OperationCanceledException && _life.IsCancellationRequested))
        {
            // Whoever asked for it goes on to firmer means.
        }
    }

    /// <summary>An agent that does not let go of its turn is stopped; the session can start it again where it was.</summary>
    private async Task InsistAsync(Task ended)
    {
        try
        {
            await ended.WaitAsync(s_abortPatience, time, _life.Token);
        }
        catch (TimeoutException)
        {
            _ended = "It went on with its turn when it was told to stop, and was ended.";
            await _child!.StopAsync([StopStep.Terminate, StopStep.KillTree], s_stopPatience);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
