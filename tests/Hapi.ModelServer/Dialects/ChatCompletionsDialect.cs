using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer.Dialects;

/// <summary>OpenAI's chat completions, which many agents speak to any provider.</summary>
internal sealed class ChatCompletionsDialect : IModelDialect
{
    public Conversation Read(JsonElement request, Func<string, bool> steers)
    {
        var turns = new List<Turn>();
        var system = "";
        foreach (var message in request.List("messages"))
        {
            var text = PromptText.Of(message.Member("content"));
            switch (message.Text("role"))
            {
                case "system" or "developer":
                    system += text;
                    break;
                case "assistant":
                    turns.Add(new(message.List("tool_calls").Any() ? TurnKind.ToolCalls : TurnKind.Answer, text));
                    break;
                case "tool":
                    turns.Add(new(TurnKind.ToolResult, text));
                    break;
                default:
                    if (PromptText.OfPerson(text) is { } prompt)
                    {
                        turns.Add(new(TurnKind.Prompt, prompt));
                    }

                    break;
            }
        }

        var tools = request.List("tools").Select(t => t.Member("function")).Select(f => new OfferedTool(f.Text("name"), f.Member("parameters"))).ToList();
        return new(turns, tools, system, request.Text("model"), steers);
    }

    public JsonNode Whole(Answer answer)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text.IsEmpty ? null : answer.Text.Plain };
        if (answer.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select(c => Call(c, c.Input.ToJsonString()))]);
        }

        return Envelope(answer, "chat.completion", new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = Finish(answer) }), Usage(answer));
    }

    public async Task StreamAsync(Answer answer, ReplyStream stream, CancellationToken cancellationToken)
    {
        Task Send(JsonObject delta, string? finish = null) => stream.EventAsync(null, Envelope(answer, "chat.completion.chunk",
            new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }), null), cancellationToken);
        await Send(new() { ["role"] = "assistant", ["content"] = "" });
        await stream.HoldAsync(cancellationToken);
        await stream.PacedAsync(answer.Thinking, piece => Send(new() { ["reasoning_content"] = piece }), cancellationToken);
        await stream.PacedAsync(answer.Text, piece => Send(new() { ["content"] = piece }), cancellationToken);
        foreach (var (call, index) in answer.Calls.Select((call, index) => (call, index)))
        {
            var head = Call(call, "");
            head["index"] = index;
            await Send(new() { ["tool_calls"] = new JsonArray(head) });
            await ReplyStream.ArgumentsAsync(call, piece => Send(new()
            {
                ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }),
            }));
        }

        await Send([], Finish(answer));
        await stream.EventAsync(null, Envelope(answer, "chat.completion.chunk", [], Usage(answer)), cancellationToken);
        await stream.LineAsync(null, "[DONE]", cancellationToken);
    }

    public JsonNode Refusal(ScenarioError error) =>
        new JsonObject { ["error"] = new JsonObject { ["message"] = error.Message, ["type"] = error.Type, ["code"] = null } };

    private static JsonObject Call(ToolCall call, string arguments) => new()
    {
        ["id"] = call.Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    private static string Finish(Answer answer) => answer.Calls.Count > 0 ? "tool_calls" : "stop";

    private static JsonObject Envelope(Answer answer, string kind, JsonArray choices, JsonObject? usage)
    {
        var envelope = new JsonObject
        {
            ["id"] = $"chatcmpl-{answer.Id}",
            ["object"] = kind,
            ["created"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = answer.Model,
            ["choices"] = choices,
        };
        if (usage is not null)
        {
            envelope["usage"] = usage;
        }

        return envelope;
    }

    private static JsonObject Usage(Answer answer) => new()
    {
        ["prompt_tokens"] = answer.InputTokens,
        ["completion_tokens"] = answer.OutputTokens,
        ["total_tokens"] = answer.InputTokens + answer.OutputTokens,
    };
}
