using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.Agents.Demo;

/// <summary>
/// An agent without a model, as a program of its own: it speaks ACP on its standard streams like any other. ACP has no question method;
/// a question travels as a permission request for the tool <c>AskUserQuestion</c>, and its answers come back in <c>_meta.hapi.answers</c>.
/// </summary>
public sealed class DemoAgent : IRpcHandler
{
    private readonly ConcurrentDictionary<string, DemoConversation> _conversations = new();
    private readonly string _home;
    private readonly TimeProvider _time;
    private readonly RpcPeer _peer;

    private DemoAgent(IRpcTransport transport, string home, TimeProvider time)
    {
        (_home, _time) = (home, time);
        _peer = new RpcPeer(transport, this);
    }

    /// <summary>Serves until the input ends.</summary>
    /// <param name="home">A folder for what conversations remember.</param>
    public static async Task RunAsync(Stream input, Stream output, string home, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var transport = new JsonLinesTransport(input, output);
        await new DemoAgent(transport, home, time)._peer.RunAsync(cancellationToken);
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        if (method is "session/cancel" && Conversation(JsonElement.Parse(parameters.Span)) is { } conversation)
        {
            conversation.Cancel();
        }

        return default;
    }

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Bytes(method switch
    {
        "initialize" => new JsonObject
        {
            ["protocolVersion"] = 1,
            ["agentInfo"] = new JsonObject { ["name"] = "hapi-demo", ["title"] = "The demo agent", ["version"] = typeof(DemoAgent).Assembly.GetName().Version?.ToString(3) },
            ["agentCapabilities"] = new JsonObject
            {
                ["loadSession"] = true,
                ["_meta"] = new JsonObject { ["hapi"] = new JsonObject { ["questions"] = true } },
            },
            ["authMethods"] = new JsonArray(),
        },
        "session/new" => Open(Guid.NewGuid().ToString(), parameters, known: false),
        "session/load" => Open(Text(parameters, "sessionId") ?? "", parameters, known: true),
        "session/set_mode" => SetMode(parameters),
        "session/prompt" => await PromptAsync(parameters, cancellationToken),
        _ => throw new RpcException(RpcException.MethodNotFound, $"The demo agent does not know {method}."),
    });

    private JsonObject Open(string id, JsonElement parameters, bool known)
    {
        var memory = Path.Combine(_home, $"{id}.json");
        if (known && (!Guid.TryParse(id, out _) || !File.Exists(memory)))
        {
            throw new RpcException(-32002, "No such session.");
        }

        Directory.CreateDirectory(_home);
        if (!known)
        {
            File.WriteAllText(memory, "{}");
        }

        _conversations[id] = new DemoConversation(id, Text(parameters, "cwd") ?? Environment.CurrentDirectory, greeted: known, _peer, _time);
        return new JsonObject
        {
            ["sessionId"] = id,
            ["modes"] = new JsonObject
            {
                ["currentModeId"] = "default",
                ["availableModes"] = new JsonArray(Mode("default", "Ask first"), Mode("auto", "Never ask"), Mode("plan", "Plan only")),
            },
        };
    }

    private JsonObject SetMode(JsonElement parameters)
    {
        if (Conversation(parameters) is not { } conversation || Text(parameters, "modeId") is not ("default" or "auto" or "plan"))
        {
            throw new RpcException(RpcException.InvalidParams, "No such session or mode.");
        }

        conversation.Mode = Text(parameters, "modeId")!;
        return [];
    }

    private async Task<JsonObject> PromptAsync(JsonElement parameters, CancellationToken cancellationToken)
    {
        var conversation = Conversation(parameters) ?? throw new RpcException(-32002, "No such session.");
        var text = string.Concat(parameters.GetProperty("prompt").EnumerateArray().Select(part => Text(part, "text")));
        return new JsonObject { ["stopReason"] = await conversation.PlayAsync(text, cancellationToken) };
    }

    private DemoConversation? Conversation(JsonElement parameters) => Text(parameters, "sessionId") is { } id ? _conversations.GetValueOrDefault(id) : null;

    private static JsonObject Mode(string id, string name) => new() { ["id"] = id, ["name"] = name };

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static ReadOnlyMemory<byte> Bytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
}
