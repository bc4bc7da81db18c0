using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Demo;

/// <summary>One conversation with the demo agent: plays an act a prompt.</summary>
internal sealed class DemoConversation(string id, string directory, bool greeted, RpcPeer client, TimeProvider time)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(40), s_slowPace = TimeSpan.FromMilliseconds(200);

    /// <summary>A stop may overtake its prompt and come when nothing plays; so soon after a turn it meant that one.</summary>
    private static readonly TimeSpan s_crossing = TimeSpan.FromMilliseconds(200), s_overtaking = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly DemoVoice _voice = new(id, client, time);
    private CancellationTokenSource? _turn;
    private long? _cancelledAt, _endedAt;
    private bool _greeted = greeted, _titled = greeted;

    public string Mode { get; set; } = "default";

    public void Cancel()
    {
        lock (_gate)
        {
            if (_turn is { } turn)
            {
                turn.Cancel();
            }
            else if (_endedAt is not { } ended || time.GetElapsedTime(ended) > s_crossing)
            {
                _cancelledAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Plays one turn. Gives ACP's stop reason.</summary>
    public async Task<string> PlayAsync(string prompt, CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (IsOvertaken(turn))
        {
            return "cancelled";
        }

        try
        {
            if (!_titled)
            {
                _titled = true;
                await _voice.UpdateAsync(new JsonObject { ["sessionUpdate"] = "session_info_update", ["title"] = Title(prompt) }, turn.Token);
            }

            var act = DemoActs.Of(prompt);
            if (!_greeted)
            {
                _greeted = true;
                await _voice.SayAsync(DemoActs.Welcome + (act is DemoAct.Talk ? "" : "\n\n"), s_pace / 8, turn.Token);
                if (act is DemoAct.Talk)
                {
                    return "end_turn";
                }
            }

            await PlayAsync(act, prompt, turn.Token);
            return "end_turn";
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return "cancelled";
        }
        finally
        {
            lock (_gate)
            {
                (_turn, _endedAt) = (null, time.GetTimestamp());
            }
        }
    }

    private bool IsOvertaken(CancellationTokenSource turn)
    {
        lock (_gate)
        {
            var overtaken = _cancelledAt is { } at && time.GetElapsedTime(at) < s_overtaking;
            (_turn, _cancelledAt) = (overtaken ? null : turn, null);
            return overtaken;
        }
    }

    private Task PlayAsync(DemoAct act, string prompt, CancellationToken cancellationToken) => act switch
    {
        DemoAct.Run or DemoAct.Edit when Mode is "plan" => PlanAsync(cancellationToken),
        DemoAct.Run => RunAsync(cancellationToken),
        DemoAct.Edit => EditAsync(prompt, cancellationToken),
        DemoAct.Ask => AskAsync(cancellationToken),
        DemoAct.Plan => PlanAsync(cancellationToken),
        DemoAct.Slow => SlowAsync(cancellationToken),
        DemoAct.Fail => FailAsync(cancellationToken),
        _ => _voice.SayAsync($"You said: \"{Title(prompt)}\". Put `run`, `edit`, `ask`, `plan`, `slow` or `fail` in a message to see me at work.", s_pace, cancellationToken),
    };

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await _voice.ThinkAsync("The person wants to see a command run. Listing the folder harms nobody.", cancellationToken);
        await _voice.SayAsync("I will look at what is in this folder.", s_pace, cancellationToken);
        var (program, arguments) = OperatingSystem.IsWindows() ? ("cmd.exe", (string[])["/c", "dir"]) : ("ls", ["-la"]);
        var input = new JsonObject { ["command"] = $"{program} {string.Join(' ', arguments)}" };
        var call = await _voice.BeginCallAsync("Bash", "execute", input, null, cancellationToken);
        if (await RefusalAsync(call, "Bash", "execute", input, null, cancellationToken) is { } refusal)
        {
            await _voice.EndCallAsync(call, "failed", refusal, cancellationToken);
            await _voice.SayAsync("All right, I did not run it.", s_pace, cancellationToken);
            return;
        }

        await using var child = ChildProcess.Start(new ChildStart(program, arguments, directory), time);
        child.Input.Close();
        using var reader = new StreamReader(child.Output);
        var output = await reader.ReadToEndAsync(cancellationToken);
        await _voice.EndCallAsync(call, "completed", output, cancellationToken);
        await _voice.SayAsync($"The command ran, and this is what lies in `{directory}`.", s_pace, cancellationToken);
    }

    private async Task EditAsync(string prompt, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "hapi-demo.txt");
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
        var after = (before ?? "") + $"{time.GetUtcNow():u} {Title(prompt)}\n";
        await _voice.SayAsync("I will write a line into `hapi-demo.txt`.", s_pace, cancellationToken);
        var input = new JsonObject { ["file_path"] = path, ["content"] = after };
        var diff = new JsonObject { ["type"] = "diff", ["path"] = path, ["oldText"] = before, ["newText"] = after };
        var call = await _voice.BeginCallAsync(before is null ? "Write" : "Edit", "edit", input, diff, cancellationToken);
        if (await RefusalAsync(call, before is null ? "Write" : "Edit", "edit", input, diff, cancellationToken) is { } refusal)
        {
            await _voice.EndCallAsync(call, "failed", refusal, cancellationToken);
            await _voice.SayAsync("All right, the file stays as it is.", s_pace, cancellationToken);
            return;
        }

        await File.WriteAllTextAsync(path, after, cancellationToken);
        await _voice.EndCallAsync(call, "completed", null, cancellationToken, diff);
        await _voice.SayAsync("The file is written.", s_pace, cancellationToken);
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var questions = new JsonArray(new JsonObject
        {
            ["question"] = "Which colour shall the shed have?",
            ["header"] = "Colour",
            ["multiSelect"] = false,
            ["options"] = new JsonArray(Choice("Red", "Loud, but honest"), Choice("Green", "Goes with the garden"), Choice("Blue", "The sky would like it")),
        });
        var input = new JsonObject { ["questions"] = questions };
        var call = await _voice.BeginCallAsync("AskUserQuestion", "other", input, null, cancellationToken);
        var answer = await _voice.RequestPermissionAsync(call, "AskUserQuestion", "other", input, null, cancellationToken);
        var chosen = answer?["_meta"]?["hapi"]?["answers"]?.ToJsonString();
        await _voice.EndCallAsync(call, chosen is null ? "failed" : "completed", chosen ?? "No answer.", cancellationToken);
        await _voice.SayAsync(chosen is null ? "No answer is an answer too." : $"Thank you. I noted: {Plain(chosen)}.", s_pace, cancellationToken);
    }

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        string[] steps = ["Look at the folder", "Write the change", "Run the tests"];
        await _voice.StepsAsync(steps, 0, cancellationToken);
        var input = new JsonObject { ["plan"] = "## Plan\n\n1. Look at the folder\n2. Write the change\n3. Run the tests\n\nNothing is changed before you approve." };
        var call = await _voice.BeginCallAsync("ExitPlanMode", "switch_mode", input, null, cancellationToken);
        var refusal = await AnswerAsync(call, "ExitPlanMode", "switch_mode", input, null, cancellationToken);
        await _voice.EndCallAsync(call, refusal is null ? "completed" : "failed", refusal ?? "Plan approved.", cancellationToken);
        if (refusal is not null)
        {
            await _voice.SayAsync("Then I make another plan. Tell me what is missing.", s_pace, cancellationToken);
            return;
        }

        if (Mode is "plan")
        {
            await SwitchAsync("default", cancellationToken);
        }

        for (var done = 1; done <= steps.Length; done++)
        {
            await Task.Delay(s_slowPace, time, cancellationToken);
            await _voice.StepsAsync(steps, done, cancellationToken);
        }

        await _voice.SayAsync("The plan is done.", s_pace, cancellationToken);
    }

    private async Task SlowAsync(CancellationToken cancellationToken)
    {
        await _voice.SayAsync("I write slowly now.\n\n", s_pace, cancellationToken);
        for (var i = 1; i <= 50; i++)
        {
            await _voice.ChunkAsync("agent_message_chunk", i == 50 ? "This was line fifty, the last one." : $"This is line {i}.\n\n", cancellationToken);
            await Task.Delay(s_slowPace, time, cancellationToken);
        }
    }

    private async Task FailAsync(CancellationToken cancellationToken)
    {
        var call = await _voice.BeginCallAsync("Bash", "execute", new JsonObject { ["command"] = "make miracle" }, null, cancellationToken);
        await _voice.EndCallAsync(call, "failed", "make: *** No rule to make target 'miracle'.  Stop.", cancellationToken);
        throw new RpcException(RpcException.InternalError, "The demo agent failed, as it was asked to.");
    }

    /// <summary>Asks, unless it works unasked, and gives why it may not be done; <see langword="null"/> when it may.</summary>
    private async Task<string?> RefusalAsync(string call, string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken) =>
        Mode is "auto" ? null : await AnswerAsync(call, tool, kind, input, diff, cancellationToken);

    /// <summary>Asks. Who allows it for good is not asked again.</summary>
    private async Task<string?> AnswerAsync(string call, string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken)
    {
        var answer = await _voice.RequestPermissionAsync(call, tool, kind, input, diff, cancellationToken);
        switch (answer?["outcome"]?["optionId"]?.GetValue<string>())
        {
            case "always":
                await SwitchAsync("auto", cancellationToken);
                return null;
            case "yes":
                return null;
            default:
                return answer?["_meta"]?["hapi"]?["reason"]?.GetValue<string>() is { Length: > 0 } reason ? $"The person said no: {reason}" : "The person said no.";
        }
    }

    private Task SwitchAsync(string mode, CancellationToken cancellationToken)
    {
        Mode = mode;
        return _voice.UpdateAsync(new JsonObject { ["sessionUpdate"] = "current_mode_update", ["currentModeId"] = mode }, cancellationToken);
    }

    private static string Title(string prompt)
    {
        var line = string.Join(' ', prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 60 ? line : line[..59] + "…";
    }

    private static string Plain(string answers)
    {
        try
        {
            return string.Join(", ", JsonNode.Parse(answers)!.AsObject().Select(a => a.Value is JsonObject wrapped ? wrapped["answers"] : a.Value)
                .SelectMany(a => a is JsonArray many ? many.Select(v => $"{v}") : [$"{a}"]));
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return answers;
        }
    }

    private static JsonObject Choice(string label, string description) => new() { ["label"] = label, ["description"] = description };

}
