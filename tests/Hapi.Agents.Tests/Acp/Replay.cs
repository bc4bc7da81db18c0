using System.Text.Json;
using Hapi.Agents.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>
/// Plays a recording of a real agent to the adapter: what the agent said comes in the same order, what the client did then is done through
/// <see cref="IAgent"/>, and what the adapter makes of it is written down.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly List<(string Dir, JsonElement Msg)> _lines;
    private readonly ManualClock _clock = new();
    private readonly ScriptedProgram _program = new();
    private readonly RecordingHost _host;
    private readonly AcpAgent _agent;
    private readonly Dictionary<string, JsonElement> _requests = [];
    private readonly List<JsonElement> _outgoing = [];
    private Task<AgentReady>? _starting;
    private Task<TurnResult>? _turn;
    private Task<ConfigResult>? _changing;
    private string _stderr = "";
    private int _asked, _askedFor;
    private bool _opened;

    private Replay(string file)
    {
        _lines = [.. File.ReadLines(file).Select(line => JsonElement.Parse(line))
            .Select(line => (line.GetProperty("dir").GetString()!, line.TryGetProperty("msg", out var msg) ? msg : default))];
        var load = _lines.Where(line => line is { Dir: "send" }).Select(line => line.Msg).FirstOrDefault(msg => msg.Text("method") is "session/load");
        _host = new RecordingHost(DecideAsync);
        var start = new AgentStart("acp", "/home/dev/proj", new Dictionary<string, string>(), Command: ["agent"], NativeSessionId: load.Object("params")?.Text("sessionId"));
        _agent = new AcpAgent(start, _host, _clock, (_, _) => _program);
    }

    public static async Task<string> RunAsync(string file, CancellationToken cancellationToken)
    {
        await using var replay = new Replay(file);
        await replay.PlayAsync(cancellationToken);
        return replay._host.Log + "\n";
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        foreach (var (dir, msg) in _lines)
        {
            switch (dir)
            {
                case "recv" when msg.Text("method") is null:
                    if (_requests.Remove(msg.GetProperty("id").GetRawText(), out var request))
                    {
                        _program.SayAnswer(request, msg);
                        await ReadyAsync(cancellationToken);
                    }

                    break;
                case "recv" when msg.ValueKind is JsonValueKind.Object:
                    _askedFor += msg.Text("method") is "session/request_permission" ? 1 : 0;
                    _program.Say(msg.GetRawText());
                    break;
                case "stderr":
                    _stderr += msg.GetString();
                    break;
                case "send":
                    await HeardAsync(cancellationToken);
                    await SendAsync(msg, cancellationToken);
                    break;
                case "exit":
                    await HeardAsync(cancellationToken);
                    _program.Die(msg.Number("code") is { } code ? (int)code : 143, _stderr);
                    break;
            }
        }

        await FinishAsync(cancellationToken);
        await _agent.StopAsync();
        _host.AssertNothingStreams();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _agent.DisposeAsync();
    }

    private async Task SendAsync(JsonElement sent, CancellationToken cancellationToken)
    {
        if (sent.Text("method") is not { } method)
        {
            _host.Write($"answered {sent.GetProperty("id").GetRawText()}: {Strip(await OutgoingAsync(m => m.Text("method") is null && m.GetProperty("id").GetRawText() == sent.GetProperty("id").GetRawText(), cancellationToken))}");
            return;
        }

        var parameters = sent.Object("params") ?? default;
        switch (method)
        {
            case "initialize":
                _starting = _agent.StartAsync(cancellationToken);
                break;
            case "session/prompt":
                await FinishAsync(cancellationToken);
                var text = parameters.Items("prompt").First().Text("text")!;
                _host.Write($"> {text}");
                _turn = _agent.PromptAsync(new AgentPrompt(text), cancellationToken);
                break;
            case "session/cancel":
                _host.Write("> stop");
                await _agent.AbortAsync(cancellationToken);
                break;
            case "session/set_mode" or "session/set_model" or "session/set_config_option":
                await FinishAsync(cancellationToken);
                var value = parameters.Text("modeId") ?? parameters.Text("modelId") ?? parameters.Text("value");
                _changing = _agent.ConfigureAsync((parameters.Text("configId") ?? method) switch
                {
                    "session/set_mode" or "mode" => new AgentConfig(PermissionMode: value),
                    "session/set_model" or "model" => new AgentConfig(Model: value),
                    "effort" => new AgentConfig(Effort: value),
                    _ => new AgentConfig(),
                }, cancellationToken);

                // What is set already, or cannot be set at all, is not sent; and some agents are asked in another way than the recording's client did.
                await Eventually.TrueAsync(() => _changing.IsCompleted || Take() is not null, "the change is sent", cancellationToken);
                JsonElement? Take() => Collect().FirstOrDefault(m => m.Text("method")?.StartsWith("session/set_", StringComparison.Ordinal) is true) is { ValueKind: JsonValueKind.Object } found ? found : null;
                if (Take() is { } asked)
                {
                    _outgoing.Remove(asked);
                    _requests[sent.GetProperty("id").GetRawText()] = asked;
                }

                return;
        }

        var outgoing = await OutgoingAsync(m => m.Text("method") == method, cancellationToken);
        _opened |= method is "session/new" or "session/load";
        if (sent.TryGetProperty("id", out var id))
        {
            _requests[id.GetRawText()] = outgoing;
        }
    }

    /// <summary>Waits for what is under way, moving the clock whenever the agent has nothing more to say.</summary>
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await ReadyAsync(cancellationToken, wait: true);
        if (_turn is { } turn)
        {
            await PassAsync(() => turn.IsCompleted, cancellationToken);
            _turn = null;
            _host.Write((await turn).ToString());
        }
    }

    /// <summary>Lets the start, or a change of settings, take its answer before anything else is said.</summary>
    private async Task ReadyAsync(CancellationToken cancellationToken, bool wait = false)
    {
        await HeardAsync(cancellationToken);
        if (_starting is { } starting && (wait || _requests.Count == 0 && _opened))
        {
            await PassAsync(() => starting.IsCompleted, cancellationToken);
            _starting = null;
            try
            {
                var ready = await starting;
                _host.Write($"ready {ready.NativeSessionId} version={ready.AgentVersion} mode={ready.PermissionMode} model={ready.Model}"
                    + $" modes=[{string.Join(", ", ready.Modes.Select(mode => $"{mode.Id}/{mode.Tone}"))}] models=[{string.Join(", ", ready.Models.Select(model => model.Id))}] commands=[{string.Join(", ", ready.SlashCommands)}]");
            }
            catch (AgentException ex)
            {
                _host.Write($"not started: {ex.Code}: {ex.Message}");
            }
        }

        if (_changing is { } changing && (wait || _requests.Count == 0))
        {
            await PassAsync(() => changing.IsCompleted, cancellationToken);
            _changing = null;
            _host.Write((await changing).ToString());
        }
    }

    private Task PassAsync(Func<bool> done, CancellationToken cancellationToken) => Eventually.TrueAsync(() =>
    {
        if (!done() && _program.IsHeard)
        {
            _clock.FireWithin(TimeSpan.FromMilliseconds(250));
        }

        return done();
    }, "the agent's turn ends", cancellationToken);

    private Task HeardAsync(CancellationToken cancellationToken) =>
        Eventually.TrueAsync(() => _program.IsHeard && _host.Asks.Count == _askedFor, "everything is heard", cancellationToken);

    private async Task<JsonElement> OutgoingAsync(Func<JsonElement, bool> wanted, CancellationToken cancellationToken)
    {
        JsonElement? found = null;
        await PassAsync(() =>
        {
            found ??= Collect().Where(wanted).Select(m => (JsonElement?)m).FirstOrDefault();
            return found is not null;
        }, cancellationToken);
        _outgoing.Remove(found!.Value);
        return found.Value;
    }

    private List<JsonElement> Collect()
    {
        while (_program.TryHear(out var message))
        {
            if (message.Text("method") is "session/list")
            {
                _program.Refuse(message, """{"code":-32601,"message":"not recorded"}""");
            }
            else
            {
                _outgoing.Add(message);
            }
        }

        return _outgoing;
    }

    /// <summary>Decides as the client of the recording did.</summary>
    private async Task<PermissionDecision> DecideAsync(PermissionAsk ask, CancellationToken cancellationToken)
    {
        var request = _lines.Where(line => line.Dir is "recv" && line.Msg.Text("method") is "session/request_permission").ElementAt(_asked++).Msg;
        var answer = _lines.First(line => line.Dir is "send" && line.Msg.Text("method") is null && line.Msg.GetProperty("id").GetRawText() == request.GetProperty("id").GetRawText()).Msg;
        var option = answer.Object("result")?.Object("outcome")?.Text("optionId");
        var kind = (request.Object("params") ?? default).Items("options").FirstOrDefault(o => o.Text("optionId") == option).Text("kind");
        switch (kind)
        {
            case "allow_once":
                return new PermissionDecision(Verdict.Approved);
            case "allow_always":
                return new PermissionDecision(Verdict.ApprovedForSession);
            case "reject_once":
                return new PermissionDecision(Verdict.Denied);
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                throw new InvalidOperationException("An infinite wait has ended.");
        }
    }

    private static string Strip(JsonElement answer) => (answer.Object("result") ?? answer.Object("error"))!.Value.GetRawText();
}
