using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Rpc;

namespace Hapi.AcpTestAgent;

/// <summary>Answers what an ACP agent must answer, and tells its environment when it is prompted; or dies of it.</summary>
internal sealed class TestAgent(string mode, string? folder) : IRpcHandler
{
    private RpcPeer? _peer;

    public static async Task RunAsync(Stream input, Stream output, string mode, string? folder = null)
    {
        await using var transport = new JsonLinesTransport(input, output);
        var agent = new TestAgent(mode, folder);
        agent._peer = new RpcPeer(transport, agent);
        await agent._peer.RunAsync(CancellationToken.None);
    }

    public ValueTask NotifyAsync(string method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) => default;

    public async Task<ReadOnlyMemory<byte>> RequestAsync(string method, JsonElement parameters, CancellationToken cancellationToken) => Bytes(method switch
    {
        "initialize" => new JsonObject
        {
            ["protocolVersion"] = 1,
            ["agentInfo"] = new JsonObject { ["name"] = "test", ["title"] = "Test agent", ["version"] = "1.2.3" },
            ["agentCapabilities"] = new JsonObject { ["loadSession"] = mode is "gated" },
        },
        "session/new" or "session/load" => await OpenAsync(method, cancellationToken),
        "session/prompt" => await PromptAsync(cancellationToken),
        _ => throw new RpcException(RpcException.MethodNotFound, "What?"),
    });

    private async Task<JsonObject> OpenAsync(string method, CancellationToken cancellationToken)
    {
        if (folder is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "opening"), method, cancellationToken);
            while (!File.Exists(Path.Combine(folder, "open")))
            {
                await Task.Delay(20, cancellationToken);
            }
        }

        return new JsonObject { ["sessionId"] = "s1" };
    }

    private async Task<JsonObject> PromptAsync(CancellationToken cancellationToken)
    {
        if (mode is "dies")
        {
            await Console.Error.WriteLineAsync("FATAL: heap out of memory");
            Environment.Exit(7);
        }

        if (folder is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "prompted"), "", cancellationToken);
        }

        var variables = Environment.GetEnvironmentVariables();
        var text = string.Join('\n', variables.Keys.Cast<string>().Order().Select(name => $"{name}={variables[name]}"));
        await _peer!.NotifyAsync("session/update", Bytes(new JsonObject
        {
            ["sessionId"] = "s1",
            ["update"] = new JsonObject { ["sessionUpdate"] = "agent_message_chunk", ["content"] = new JsonObject { ["type"] = "text", ["text"] = text } },
        }), cancellationToken);
        return new JsonObject { ["stopReason"] = "end_turn" };
    }

    private static ReadOnlyMemory<byte> Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
