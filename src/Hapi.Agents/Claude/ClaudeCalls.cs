using System.Buffers;
using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Claude;

/// <summary>Tool calls and their results. A result is never told before its call.</summary>
internal sealed class ClaudeCalls
{
    private readonly HashSet<string> _told = [];
    private readonly Dictionary<string, Call> _open = [];

    /// <summary>The calls that still wait for their result.</summary>
    public Call? Open(string callId) => _open.GetValueOrDefault(callId);

    public bool Called(JsonElement block, string? run, List<ClaudeStep> steps)
    {
        // "tool_use", and what runs at the model service or an MCP connector: "server_tool_use", "mcp_tool_use".
        if (block.Text("type")?.EndsWith("tool_use", StringComparison.Ordinal) is not true || block.Text("id") is not { } id)
        {
            return false;
        }

        var call = new Call(id, block.Text("name") ?? "Tool", block.At("input").Raw(), run);
        _told.Add(id);
        _open[id] = call;
        steps.Add(new Settled(new ToolCalled(id, call.Name, call.Input) { Run = run }));
        return true;
    }

    /// <summary>Gives the call that has returned.</summary>
    public Call? Returned(JsonElement block, string? run, List<ClaudeStep> steps)
    {
        if (block.Text("type")?.EndsWith("tool_result", StringComparison.Ordinal) is not true || block.Text("tool_use_id") is not { } id)
        {
            return null;
        }

        if (!_open.Remove(id, out var call))
        {
            call = new Call(id, "Tool", default, run);
            if (_told.Add(id))
            {
                steps.Add(new Settled(new ToolCalled(id, call.Name, RawJson.Parse("{}")) { Run = run }));
            }
        }

        steps.Add(new Settled(new ToolReturned(id, Output(block.At("content")), block.Flag("is_error")) { Run = call.Run }));
        return call;
    }

    /// <summary>Closes every call that will not return any more.</summary>
    public void Abandon(string why, List<ClaudeStep> steps)
    {
        foreach (var call in _open.Values)
        {
            steps.Add(new Settled(new ToolReturned(call.Id, Quote(why), IsError: true) { Run = call.Run }));
        }

        _open.Clear();
    }

    private static RawJson Output(JsonElement content)
    {
        if (content.ValueKind is JsonValueKind.String)
        {
            const string Open = "<tool_use_error>", Close = "</tool_use_error>";
            var text = content.GetString()!;
            return text.StartsWith(Open, StringComparison.Ordinal) && text.EndsWith(Close, StringComparison.Ordinal)
                ? Quote(text[Open.Length..^Close.Length])
                : content.Raw();
        }

        if (content.ValueKind is not JsonValueKind.Array || !content.EnumerateArray().Any(HasBytes))
        {
            return content.ValueKind is JsonValueKind.Undefined ? Quote("") : content.Raw();
        }

        // Pictures the agent looked at are for the model; a chat row is no place for megabytes of base64.
        var buffer = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(buffer))
        {
            w.WriteStartArray();
            foreach (var part in content.EnumerateArray())
            {
                if (HasBytes(part))
                {
                    w.WriteStartObject();
                    w.WriteString("type"u8, "text"u8);
                    w.WriteString("text"u8, $"[{part.Text("type")}: {part.At("source").Text("media_type") ?? "data"}]");
                    w.WriteEndObject();
                }
                else
                {
                    part.WriteTo(w);
                }
            }

            w.WriteEndArray();
        }

        return new RawJson(buffer.WrittenMemory);
    }

    private static bool HasBytes(JsonElement part) => part.At("source").Text("data") is not null;

    private static RawJson Quote(string text) => new(JsonSerializer.SerializeToUtf8Bytes(text, ClaudeJsonContext.Default.String));

    internal sealed record Call(string Id, string Name, RawJson Input, string? Run);
}
