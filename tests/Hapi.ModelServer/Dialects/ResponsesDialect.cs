using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer.Dialects;

/// <summary>OpenAI's Responses API.</summary>
internal sealed class ResponsesDialect : IModelDialect
{
    public Conversation Read(JsonElement request, Func<string, bool> steers)
    {
        var turns = new List<Turn>();
        if (request.Text("input") is { Length: > 0 } only)
        {
            turns.Add(new(TurnKind.Prompt, only));
        }

        foreach (var item in request.List("input"))
        {
            var type = item.Text("type");
            var text = PromptText.Of(item.Member("content"));
            if (type is "message" or "" && item.Text("role") is "assistant")
            {
                turns.Add(new(TurnKind.Answer, text));
            }
            else if (type is "message" or "" && item.Text("role") is "user" && PromptText.OfPerson(text) is { } prompt)
            {
                turns.Add(new(TurnKind.Prompt, prompt));
            }
            else if (type.EndsWith("_call", StringComparison.Ordinal))
            {
                turns.Add(new(TurnKind.ToolCalls, ""));
            }
            else if (type.EndsWith("_output", StringComparison.Ordinal))
            {
                turns.Add(new(TurnKind.ToolResult, PromptText.Of(item.Member("output"))));
            }
        }

        var tools = request.List("tools").SelectMany(t => t.Text("type") is "namespace" ? t.List("tools") : [t])
            .Select(t => new OfferedTool(t.Text("name") is { Length: > 0 } name ? name : t.Text("type"), t.Member("parameters")));
        return new(turns, [.. tools], request.Text("instructions"), request.Text("model"), steers);
    }

    public JsonNode Whole(Answer answer) => Response(answer, "completed", new JsonArray([.. Items(answer)]));

    public async Task StreamAsync(Answer answer, ReplyStream stream, CancellationToken cancellationToken)
    {
        var number = 0;
        Task Send(string type, JsonObject data)
        {
            data["type"] = type;
            data["sequence_number"] = number++;
            return stream.EventAsync(type, data, cancellationToken);
        }

        await Send("response.created", new() { ["response"] = Response(answer, "in_progress", []) });
        await stream.HoldAsync(cancellationToken);
        var index = 0;
        foreach (var item in Items(answer))
        {
            await Send("response.output_item.added", new() { ["output_index"] = index, ["item"] = Begun(item) });
            var id = item["id"]!.GetValue<string>();
            JsonObject Part(string member, int at) => new() { ["item_id"] = id, ["output_index"] = index, [member] = at };
            JsonObject With(JsonObject part, string member, JsonNode value)
            {
                part[member] = value;
                return part;
            }

            switch (item["type"]!.GetValue<string>())
            {
                case "message":
                    await Send("response.content_part.added", With(Part("content_index", 0), "part", OutputText("")));
                    await stream.PacedAsync(answer.Text, piece => Send("response.output_text.delta", With(Part("content_index", 0), "delta", piece)), cancellationToken);
                    await Send("response.output_text.done", With(Part("content_index", 0), "text", answer.Text.Plain));
                    await Send("response.content_part.done", With(Part("content_index", 0), "part", OutputText(answer.Text.Plain)));
                    break;
                case "reasoning":
                    await Send("response.reasoning_summary_part.added", With(Part("summary_index", 0), "part", Summary("")));
                    await stream.PacedAsync(answer.Thinking, piece => Send("response.reasoning_summary_text.delta", With(Part("summary_index", 0), "delta", piece)), cancellationToken);
                    await Send("response.reasoning_summary_text.done", With(Part("summary_index", 0), "text", answer.Thinking.Plain));
                    await Send("response.reasoning_summary_part.done", With(Part("summary_index", 0), "part", Summary(answer.Thinking.Plain)));
                    break;
                default:
                    var arguments = item["arguments"]!.GetValue<string>();
                    await Send("response.function_call_arguments.delta", new() { ["item_id"] = id, ["output_index"] = index, ["delta"] = arguments });
                    await Send("response.function_call_arguments.done", new() { ["item_id"] = id, ["output_index"] = index, ["arguments"] = arguments });
                    break;
            }

            await Send("response.output_item.done", new() { ["output_index"] = index++, ["item"] = item });
        }

        await Send("response.completed", new() { ["response"] = Whole(answer) });
    }

    public JsonNode Refusal(ScenarioError error) =>
        new JsonObject { ["error"] = new JsonObject { ["message"] = error.Message, ["type"] = error.Type, ["code"] = null } };

    private static IEnumerable<JsonObject> Items(Answer answer)
    {
        if (!answer.Thinking.IsEmpty)
        {
            yield return new() { ["id"] = $"rs_{answer.Id}", ["type"] = "reasoning", ["summary"] = new JsonArray(Summary(answer.Thinking.Plain)) };
        }

        if (!answer.Text.IsEmpty)
        {
            yield return new()
            {
                ["id"] = $"msg_{answer.Id}",
                ["type"] = "message",
                ["role"] = "assistant",
                ["status"] = "completed",
                ["content"] = new JsonArray(OutputText(answer.Text.Plain)),
            };
        }

        foreach (var call in answer.Calls)
        {
            yield return new()
            {
                ["id"] = $"fc_{call.Id}",
                ["type"] = "function_call",
                ["status"] = "completed",
                ["call_id"] = call.Id,
                ["name"] = call.Name,
                ["arguments"] = call.Input.ToJsonString(),
            };
        }
    }

    private static JsonObject Begun(JsonObject item)
    {
        var begun = item.DeepClone().AsObject();
        foreach (var (member, empty) in new (string, JsonNode)[] { ("summary", new JsonArray()), ("content", new JsonArray()), ("arguments", ""), ("status", "in_progress") })
        {
            if (begun.ContainsKey(member))
            {
                begun[member] = empty;
            }
        }

        return begun;
    }

    private static JsonObject OutputText(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private static JsonObject Summary(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    private static JsonObject Response(Answer answer, string status, JsonArray output) => new()
    {
        ["id"] = $"resp_{answer.Id}",
        ["object"] = "response",
        ["created_at"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        ["model"] = answer.Model,
        ["status"] = status,
        ["output"] = output,
        ["parallel_tool_calls"] = true,
        ["tools"] = new JsonArray(),
        ["usage"] = status is not "completed" ? null : new JsonObject
        {
            ["input_tokens"] = answer.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = answer.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = answer.InputTokens + answer.OutputTokens,
        },
    };
}
