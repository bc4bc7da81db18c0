using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer.Dialects;

/// <summary>Google's Gemini API. The model's name stands in the route, not in the body.</summary>
internal sealed class GeminiDialect(string model) : IModelDialect
{
    private const string Signature = "c2NyaXB0ZWQ=";

    public Conversation Read(JsonElement request, Func<string, bool> steers)
    {
        var turns = new List<Turn>();
        foreach (var content in request.List("contents"))
        {
            var parts = content.List("parts").ToList();
            var text = string.Join('\n', parts.Where(p => !p.IsTrue("thought")).Select(p => p.Text("text")).Where(t => t.Length > 0));
            if (content.Text("role") is "model")
            {
                turns.Add(new(parts.Any(p => p.Member("functionCall").ValueKind is JsonValueKind.Object) ? TurnKind.ToolCalls : TurnKind.Answer, text));
                continue;
            }

            var results = parts.Select(p => p.Member("functionResponse")).Where(r => r.ValueKind is JsonValueKind.Object).ToList();
            turns.AddRange(results.Select(r => new Turn(TurnKind.ToolResult, Result(r.Member("response")))));
            if (PromptText.OfPerson(text) is { } prompt)
            {
                turns.Add(new(TurnKind.Prompt, prompt, WithResult: results.Count > 0));
            }
        }

        var tools = request.List("tools").SelectMany(g => g.List("functionDeclarations"))
            .Select(f => new OfferedTool(f.Text("name"), f.Member("parameters").ValueKind is JsonValueKind.Object ? f.Member("parameters") : f.Member("parametersJsonSchema")));
        return new(turns, [.. tools], PromptText.Of(request.Member("systemInstruction").Member("parts")), model, steers);
    }

    public JsonNode Whole(Answer answer)
    {
        JsonNode[] text = answer.Text.IsEmpty ? [] : [new JsonObject { ["text"] = answer.Text.Plain }];
        return Response(answer, new JsonArray([.. text, .. Calls(answer)]), last: true);
    }

    public async Task StreamAsync(Answer answer, ReplyStream stream, CancellationToken cancellationToken)
    {
        Task Send(bool last, params JsonNode[] parts) => stream.EventAsync(null, Response(answer, new JsonArray(parts), last), cancellationToken);
        await stream.HoldAsync(cancellationToken);
        await stream.PacedAsync(answer.Thinking, piece => Send(last: false, new JsonObject { ["text"] = piece, ["thought"] = true }), cancellationToken);
        await stream.PacedAsync(answer.Text, piece => Send(last: false, new JsonObject { ["text"] = piece }), cancellationToken);
        var calls = Calls(answer);
        await Send(last: true, calls.Length > 0 ? calls : [new JsonObject { ["text"] = "" }]);
    }

    public JsonNode Refusal(ScenarioError error) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = error.Status, ["message"] = error.Message, ["status"] = error.Type } };

    private static string Result(JsonElement response) =>
        response.Text("output") is { Length: > 0 } output ? output : response.ValueKind is JsonValueKind.Undefined ? "" : response.GetRawText();

    private static JsonNode[] Calls(Answer answer) => [.. answer.Calls.Select(c => new JsonObject
    {
        ["functionCall"] = new JsonObject { ["name"] = c.Name, ["args"] = c.Input.DeepClone() },
        ["thoughtSignature"] = Signature,
    })];

    private static JsonObject Response(Answer answer, JsonArray parts, bool last)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["role"] = "model", ["parts"] = parts }, ["index"] = 0 };
        if (last)
        {
            candidate["finishReason"] = "STOP";
        }

        return new()
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = answer.InputTokens,
                ["candidatesTokenCount"] = answer.OutputTokens,
                ["totalTokenCount"] = answer.InputTokens + answer.OutputTokens,
            },
            ["modelVersion"] = answer.Model,
            ["responseId"] = answer.Id,
        };
    }
}
