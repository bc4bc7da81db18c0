using System.Text.Json.Nodes;

namespace Hapi.Agents.Acp.Updates;

/// <summary>codex-acp hands on what its engine says, numbers and all. A person wants the command, the folder and the reason.</summary>
internal static class CodexInput
{
    private static readonly string[] s_plumbing =
    [
        "call_id", "turn_id", "process_id", "started_at_ms", "source", "parsed_cmd", "auto_approved", "proposed_execpolicy_amendment", "available_decisions", "server_name",
    ];

    public static JsonObject WithoutPlumbing(JsonObject input)
    {
        // The name of an MCP tool stands on the card; what it is given is the input.
        if (input["server"] is JsonValue && input["tool"] is JsonValue && input["arguments"] is JsonObject arguments)
        {
            return (JsonObject)arguments.DeepClone();
        }

        if (!input.ContainsKey("turn_id"))
        {
            return input;
        }

        foreach (var name in s_plumbing)
        {
            input.Remove(name);
        }

        return input;
    }
}
