using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Agents.Demo;

/// <summary>One conversation with the demo agent: plays an act a prompt.</summary>
internal sealed class DemoConversation(string id, string directory, bool greeted, RpcPeer client, TimeProvider time)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(40), s_slowPace = TimeSpan.FromMilliseconds(200);
    private CancellationTokenSource? _turn;
    private bool _greeted = greeted, _titled = greeted;
    private int _calls;

    public string Mode { get; set; } = "default";

    public void Cancel() => _turn?.Cancel();

    /// <summary>Plays one turn. Gives ACP's stop reason.</summary>
    public async Task<string> PlayAsync(string prompt, CancellationToken cancellationToken)
    {
        using var turn = _turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (!_titled)
            {
                _titled = true;
                await UpdateAsync(new JsonObject { ["sessionUpdate"] = "session_info_update", ["title"] = Title(prompt) }, turn.Token);
            }

            var act = DemoActs.Of(prompt);
            if (!_greeted)
            {
                _greeted = true;
                await SayAsync(DemoActs.Welcome + (act is DemoAct.Talk ? "" : "\n\n"), s_pace / 8, turn.Token);
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
            _turn = null;
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
        _ => SayAsync($"You said: \"{Title(prompt)}\". Put `run`, `edit`, `ask`, `plan`, `slow` or `fail` in a message to see me at work.", s_pace, cancellationToken),
    };

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await ThinkAsync("The person wants to see a command run. Listing the folder harms nobody.", cancellationToken);
        await SayAsync("I will look at what is in this folder.", s_pace, cancellationToken);
        var (program, arguments) = OperatingSystem.IsWindows() ? ("cmd.exe", (string[])["/c", "dir"]) : ("ls", ["-la"]);
        var input = new JsonObject { ["command"] = $"{program} {string.Join(' ', arguments)}" };
        var call = await BeginCallAsync("Bash", "execute", input, null, cancellationToken);
        if (await RefusalAsync(call, "Bash", "execute", input, null, cancellationToken) is { } refusal)
        {
            await EndCallAsync(call, "failed", refusal, cancellationToken);
            await SayAsync("All right, I did not run it.", s_pace, cancellationToken);
            return;
        }

        await using var child = ChildProcess.Start(new ChildStart(program, arguments, directory), time);
        child.Input.Close();
        using var reader = new StreamReader(child.Output);
        var output = await reader.ReadToEndAsync(cancellationToken);
        await EndCallAsync(call, "completed", output, cancellationToken);
        await SayAsync($"The command ran, and this is what lies in `{directory}`.", s_pace, cancellationToken);
    }

    private async Task EditAsync(string prompt, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "hapi-demo.txt");
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
        var after = (before ?? "") + $"{time.GetUtcNow():u} {Title(prompt)}\n";
        await SayAsync("I will write a line into `hapi-demo.txt`.", s_pace, cancellationToken);
        var input = new JsonObject { ["file_path"] = path, ["content"] = after };
        var diff = new JsonObject { ["type"] = "diff", ["path"] = path, ["oldText"] = before, ["newText"] = after };
        var call = await BeginCallAsync(before is null ? "Write" : "Edit", "edit", input, diff, cancellationToken);
        if (await RefusalAsync(call, before is null ? "Write" : "Edit", "edit", input, diff, cancellationToken) is { } refusal)
        {
            await EndCallAsync(call, "failed", refusal, cancellationToken);
            await SayAsync("All right, the file stays as it is.", s_pace, cancellationToken);
            return;
        }

        await File.WriteAllTextAsync(path, after, cancellationToken);
        await EndCallAsync(call, "completed", null, cancellationToken, diff);
        await SayAsync("The file is written.", s_pace, cancellationToken);
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
        var call = await BeginCallAsync("AskUserQuestion", "other", input, null, cancellationToken);
        var answer = await RequestPermissionAsync(call, "AskUserQuestion", "other", input, null, cancellationToken);
        var chosen = answer?["_meta"]?["hapi"]?["answers"]?.ToJsonString();
        await EndCallAsync(call, chosen is null ? "failed" : "completed", chosen ?? "No answer.", cancellationToken);
        await SayAsync(chosen is null ? "No answer is an answer too." : $"Thank you. I noted: {Plain(chosen)}.", s_pace, cancellationToken);
    }

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        string[] steps = ["Look at the folder", "Write the change", "Run the tests"];
        await StepsAsync(steps, 0, cancellationToken);
        var input = new JsonObject { ["plan"] = "## Plan\n\n1. Look at the folder\n2. Write the change\n3. Run the tests\n\nNothing is changed before you approve." };
        var call = await BeginCallAsync("ExitPlanMode", "switch_mode", input, null, cancellationToken);
        var answer = await RequestPermissionAsync(call, "ExitPlanMode", "switch_mode", input, null, cancellationToken);
        var refusal = Refusal(answer);
        await EndCallAsync(call, refusal is null ? "completed" : "failed", refusal ?? "Plan approved.", cancellationToken);
        if (refusal is not null)
        {
            await SayAsync("Then I make another plan. Tell me what is missing.", s_pace, cancellationToken);
            return;
        }

        if (Mode is "plan")
        {
            await SwitchAsync("default", cancellationToken);
        }

        for (var done = 1; done <= steps.Length; done++)
        {
            await Task.Delay(s_slowPace, time, cancellationToken);
            await StepsAsync(steps, done, cancellationToken);
        }

        await SayAsync("The plan is done.", s_pace, cancellationToken);
    }

    private async Task SlowAsync(CancellationToken cancellationToken)
    {
        await SayAsync("I write slowly now.\n\n", s_pace, cancellationToken);
        for (var i = 1; i <= 50; i++)
        {
            await ChunkAsync("agent_message_chunk", i == 50 ? "This was line fifty, the last one." : $"This is line {i}.\n\n", cancellationToken);
            await Task.Delay(s_slowPace, time, cancellationToken);
        }
    }

    private async Task FailAsync(CancellationToken cancellationToken)
    {
        var call = await BeginCallAsync("Bash", "execute", new JsonObject { ["command"] = "make miracle" }, null, cancellationToken);
        await EndCallAsync(call, "failed", "make: *** No rule to make target 'miracle'.  Stop.", cancellationToken);
        throw new RpcException(RpcException.InternalError, "The demo agent failed, as it was asked to.");
    }

    /// <summary>Asks, and gives why it may not be done; <see langword="null"/> when it may.</summary>
    private async Task<string?> RefusalAsync(string call, string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken) =>
        Mode is "auto" ? null : Refusal(await RequestPermissionAsync(call, tool, kind, input, diff, cancellationToken));

    private static string? Refusal(JsonNode? answer)
    {
        if (answer?["outcome"]?["outcome"]?.GetValue<string>() is "selected" && answer["outcome"]!["optionId"]?.GetValue<string>() is "yes" or "always")
        {
            return null;
        }

        return answer?["_meta"]?["hapi"]?["reason"]?.GetValue<string>() is { Length: > 0 } reason ? $"The person said no: {reason}" : "The person said no.";
    }

    private Task SwitchAsync(string mode, CancellationToken cancellationToken)
    {
        Mode = mode;
        return UpdateAsync(new JsonObject { ["sessionUpdate"] = "current_mode_update", ["currentModeId"] = mode }, cancellationToken);
    }

    private async Task<JsonNode?> RequestPermissionAsync(string call, string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken)
    {
        var toolCall = new JsonObject { ["toolCallId"] = call, ["title"] = tool, ["kind"] = kind, ["rawInput"] = input.DeepClone() };
        if (diff is not null)
        {
            toolCall["content"] = new JsonArray(diff.DeepClone());
        }

        var request = new JsonObject
        {
            ["sessionId"] = id,
            ["toolCall"] = toolCall,
            ["options"] = new JsonArray(Option("yes", "Allow once", "allow_once"), Option("always", "Always allow", "allow_always"), Option("no", "Deny", "reject_once")),
        };
        var answer = await client.RequestAsync("session/request_permission", Encoding.UTF8.GetBytes(request.ToJsonString()), cancellationToken);
        var node = JsonNode.Parse(answer.GetRawText());
        if (node?["outcome"]?["outcome"]?.GetValue<string>() is "selected" && node["outcome"]!["optionId"]?.GetValue<string>() is "always")
        {
            await SwitchAsync("auto", cancellationToken);
        }

        return node;
    }

    private async Task<string> BeginCallAsync(string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken)
    {
        var call = $"{id[..8]}-{Interlocked.Increment(ref _calls)}-{time.GetUtcNow().ToUnixTimeMilliseconds()}";
        var update = new JsonObject
        {
            ["sessionUpdate"] = "tool_call",
            ["toolCallId"] = call,
            ["title"] = tool,
            ["kind"] = kind,
            ["status"] = "pending",
            ["rawInput"] = input.DeepClone(),
        };
        if (diff is not null)
        {
            update["content"] = new JsonArray(diff.DeepClone());
        }

        await UpdateAsync(update, cancellationToken);
        return call;
    }

    private Task EndCallAsync(string call, string status, string? text, CancellationToken cancellationToken, JsonObject? diff = null) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = "tool_call_update",
        ["toolCallId"] = call,
        ["status"] = status,
        ["content"] = diff is not null
            ? new JsonArray(diff.DeepClone())
            : new JsonArray(new JsonObject { ["type"] = "content", ["content"] = new JsonObject { ["type"] = "text", ["text"] = text ?? "" } }),
    }, cancellationToken);

    private Task StepsAsync(string[] steps, int done, CancellationToken cancellationToken) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = "plan",
        ["entries"] = new JsonArray([.. steps.Select((step, i) => new JsonObject
        {
            ["content"] = step,
            ["priority"] = "medium",
            ["status"] = i < done ? "completed" : i == done ? "in_progress" : "pending",
        })]),
    }, cancellationToken);

    private Task ThinkAsync(string thought, CancellationToken cancellationToken) => ChunkAsync("agent_thought_chunk", thought, cancellationToken);

    private async Task SayAsync(string text, TimeSpan pace, CancellationToken cancellationToken)
    {
        foreach (var word in Words(text))
        {
            await ChunkAsync("agent_message_chunk", word, cancellationToken);
            await Task.Delay(pace, time, cancellationToken);
        }
    }

    private Task ChunkAsync(string kind, string text, CancellationToken cancellationToken) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = kind,
        ["content"] = new JsonObject { ["type"] = "text", ["text"] = text },
    }, cancellationToken);

    private async Task UpdateAsync(JsonObject update, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var parameters = new JsonObject { ["sessionId"] = id, ["update"] = update };
        await client.NotifyAsync("session/update", Encoding.UTF8.GetBytes(parameters.ToJsonString()), cancellationToken);
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf(' ', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
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

    private static JsonObject Option(string optionId, string name, string kind) => new() { ["optionId"] = optionId, ["name"] = name, ["kind"] = kind };
}
