using System.Text;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.Agents.Demo;

/// <summary>What the demo agent says to its client: the messages of ACP, for one conversation.</summary>
internal sealed class DemoVoice(string id, RpcPeer client, TimeProvider time)
{
    private int _calls;

    public async Task<JsonNode?> RequestPermissionAsync(string call, string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken)
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
        return JsonNode.Parse(answer.GetRawText());
    }

    public async Task<string> BeginCallAsync(string tool, string kind, JsonObject input, JsonObject? diff, CancellationToken cancellationToken)
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

    public Task EndCallAsync(string call, string status, string? text, CancellationToken cancellationToken, JsonObject? diff = null) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = "tool_call_update",
        ["toolCallId"] = call,
        ["status"] = status,
        ["content"] = diff is not null
            ? new JsonArray(diff.DeepClone())
            : new JsonArray(new JsonObject { ["type"] = "content", ["content"] = new JsonObject { ["type"] = "text", ["text"] = text ?? "" } }),
    }, cancellationToken);

    public Task StepsAsync(string[] steps, int done, CancellationToken cancellationToken) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = "plan",
        ["entries"] = new JsonArray([.. steps.Select((step, i) => new JsonObject
        {
            ["content"] = step,
            ["priority"] = "medium",
            ["status"] = i < done ? "completed" : i == done ? "in_progress" : "pending",
        })]),
    }, cancellationToken);

    public Task ThinkAsync(string thought, CancellationToken cancellationToken) => ChunkAsync("agent_thought_chunk", thought, cancellationToken);

    public async Task SayAsync(string text, TimeSpan pace, CancellationToken cancellationToken)
    {
        foreach (var word in Words(text))
        {
            await ChunkAsync("agent_message_chunk", word, cancellationToken);
            await Task.Delay(pace, time, cancellationToken);
        }
    }

    public Task ChunkAsync(string kind, string text, CancellationToken cancellationToken) => UpdateAsync(new JsonObject
    {
        ["sessionUpdate"] = kind,
        ["content"] = new JsonObject { ["type"] = "text", ["text"] = text },
    }, cancellationToken);

    public async Task UpdateAsync(JsonObject update, CancellationToken cancellationToken)
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

    private static JsonObject Option(string optionId, string name, string kind) => new() { ["optionId"] = optionId, ["name"] = name, ["kind"] = kind };
}
