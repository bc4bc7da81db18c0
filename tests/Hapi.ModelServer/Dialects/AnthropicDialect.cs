using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer.Dialects;

/// <summary>Anthropic's Messages API.</summary>
internal sealed class AnthropicDialect : IModelDialect
{
    private const string Signature = "c2NyaXB0ZWQ=";

    public Conversation Read(JsonElement request, Func<string, bool> steers)
    {
        var turns = new List<Turn>();
        foreach (var message in request.List("messages"))
        {
            var parts = message.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Array ? content.EnumerateArray().ToList() : [];
            var whole = content.ValueKind is JsonValueKind.String ? content.GetString()! : null;
            if (message.Text("role") is "assistant")
            {
                var calls = parts.Any(p => p.Text("type") is "tool_use");
                turns.Add(new(calls ? TurnKind.ToolCalls : TurnKind.Answer, whole ?? PromptText.Of(content)));
                continue;
            }

            var results = parts.Where(p => p.Text("type") is "tool_result").ToList();
            turns.AddRange(results.Select(r => new Turn(TurnKind.ToolResult, PromptText.Of(r))));
            var words = (whole is null ? parts.Where(p => p.Text("type") is "text").Select(p => p.Text("text")) : [whole]).Select(PromptText.OfPerson).OfType<string>();
            if (message.Text("role") is "user" && string.Join('\n', words) is { Length: > 0 } prompt)
            {
                turns.Add(new(TurnKind.Prompt, prompt, WithResult: results.Count > 0));
            }
        }

        var tools = request.List("tools").Select(t => new OfferedTool(t.Text("name"), t.Member("input_schema"))).ToList();
        return new(turns, tools, PromptText.Of(request.Member("system")), request.Text("model"), steers);
    }

    public JsonNode Whole(Answer answer) => Message(answer, new JsonArray([.. Blocks(answer).Select(b => b.Node)]), Stop(answer), answer.OutputTokens);

    public async Task StreamAsync(Answer answer, ReplyStream stream, CancellationToken cancellationToken)
    {
        Task Send(JsonObject data) => stream.EventAsync(data["type"]!.GetValue<string>(), data, cancellationToken);
        await Send(new() { ["type"] = "message_start", ["message"] = Message(answer, [], null, 1) });
        await stream.HoldAsync(cancellationToken);
        var index = 0;
        foreach (var (node, text, call) in Blocks(answer))
        {
            Task Delta(string type, string member, string value) =>
                Send(new() { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = new JsonObject { ["type"] = type, [member] = value } });
            var thinks = node["type"]!.GetValue<string>() is "thinking";
            var empty = call is not null ? new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() }
                : thinks ? new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" }
                : new JsonObject { ["type"] = "text", ["text"] = "" };
            await Send(new() { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = empty });
            if (call is not null)
            {
                await ReplyStream.ArgumentsAsync(call, piece => Delta("input_json_delta", "partial_json", piece));
            }
            else
            {
                await stream.PacedAsync(text!, piece => thinks ? Delta("thinking_delta", "thinking", piece) : Delta("text_delta", "text", piece), cancellationToken);
            }

            if (thinks)
            {
                await Delta("signature_delta", "signature", Signature);
            }

            await Send(new() { ["type"] = "content_block_stop", ["index"] = index++ });
        }

        await Send(new()
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = Stop(answer), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = answer.OutputTokens },
        });
        await Send(new() { ["type"] = "message_stop" });
    }

    public JsonNode Refusal(ScenarioError error) =>
        new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = error.Type, ["message"] = error.Message } };

    private static IEnumerable<(JsonObject Node, ScriptedText? Text, ToolCall? Call)> Blocks(Answer answer)
    {
        if (!answer.Thinking.IsEmpty)
        {
            yield return (new() { ["type"] = "thinking", ["thinking"] = answer.Thinking.Plain, ["signature"] = Signature }, answer.Thinking, null);
        }

        if (!answer.Text.IsEmpty)
        {
            yield return (new() { ["type"] = "text", ["text"] = answer.Text.Plain }, answer.Text, null);
        }

        foreach (var call in answer.Calls)
        {
            yield return (new() { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = call.Input.DeepClone() }, null, call);
        }
    }

    private static string Stop(Answer answer) => answer.Calls.Count > 0 ? "tool_use" : "end_turn";

    private static JsonObject Message(Answer answer, JsonArray content, string? stop, int outputTokens) => new()
    {
        ["id"] = $"msg_{answer.Id}",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = answer.Model,
        ["content"] = content,
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = answer.InputTokens,
            ["cache_creation_input_tokens"] = 0,
            ["cache_read_input_tokens"] = 0,
            ["output_tokens"] = outputTokens,
            ["service_tier"] = "standard",
        },
    };
}
