using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer;

/// <summary>Turns a scenario's tool into a call of one that the agent offers: agents name the same tool and its arguments differently.</summary>
internal static class ToolBox
{
    private static readonly Dictionary<string, string[]> s_names = new()
    {
        ["shell"] = ["Bash", "bash", "run_shell_command", "exec_command", "shell_command", "shell", "Shell"],
        ["write"] = ["Write", "write_file", "write", "create_file", "create"],
        ["edit"] = ["Edit", "replace", "edit", "edit_file", "str_replace"],
        ["read"] = ["Read", "read_file", "read", "view"],
        ["todo"] = ["TodoWrite", "todo_write", "todowrite", "write_todos", "update_todo", "todo_list", "update_plan"],
    };

    private static readonly string[] s_path = ["file_path", "filePath", "path", "absolute_path"];

    public static ToolCall Resolve(ScenarioTool tool, Conversation conversation, Func<string, string> fill)
    {
        if (tool.Name is { } exact)
        {
            return Call(exact, Filled(tool.Input, fill));
        }

        if (tool.Kind is "mcp")
        {
            var suffix = tool.Suffix ?? throw new InvalidDataException("A tool of kind mcp needs a suffix.");
            return Call(conversation.Tools.FirstOrDefault(t => t.Name.EndsWith(suffix, StringComparison.Ordinal))?.Name ?? suffix, Filled(tool.Input, fill));
        }

        var names = s_names.GetValueOrDefault(tool.Kind ?? "") ?? throw new InvalidDataException($"A tool has a name or a known kind, not '{tool.Kind}'.");
        var offered = names.Select(n => conversation.Tools.FirstOrDefault(t => t.Name == n)).FirstOrDefault(t => t is not null);
        var input = Arguments(tool, offered, fill);
        foreach (var (name, value) in Filled(tool.Extra, fill).ToList())
        {
            input[name] = value?.DeepClone();
        }

        AddRequired(input, offered);
        return Call(offered?.Name ?? names[0], input);
    }

    private static JsonObject Arguments(ScenarioTool tool, OfferedTool? offered, Func<string, string> fill)
    {
        var input = new JsonObject();
        void Put(string[] names, string? value)
        {
            if (value is not null)
            {
                input[names.FirstOrDefault(n => offered?.Argument(n) is not null) ?? names[0]] = fill(value);
            }
        }

        switch (tool.Kind)
        {
            case "shell":
                Put(["command", "cmd"], tool.Command);
                if (offered?.Argument("command") is { } schema && Is(schema, "array"))
                {
                    input["command"] = new JsonArray("bash", "-lc", fill(tool.Command ?? ""));
                }

                if (offered?.Argument("description") is not null)
                {
                    Put(["description"], tool.Description ?? "Scripted command");
                }

                break;
            case "todo":
                var list = new[] { "todos", "plan", "items" }.FirstOrDefault(n => offered?.Argument(n) is not null) ?? "todos";
                input[list] = Todos(tool.Items, offered?.Argument(list));
                break;
            default:
                Put(s_path, tool.Path);
                Put(["content", "file_text", "contents"], tool.Content);
                Put(["old_string", "oldString", "old_str"], tool.Old);
                Put(["new_string", "newString", "new_str"], tool.New);
                break;
        }

        return input;
    }

    private static JsonArray Todos(IReadOnlyList<string> items, JsonElement? list)
    {
        var entry = list is { ValueKind: JsonValueKind.Object } l && l.TryGetProperty("items", out var e) ? new OfferedTool("", e) : null;
        var text = new[] { "content", "description", "title", "step", "text" }.FirstOrDefault(n => entry?.Argument(n) is not null) ?? "content";
        return new JsonArray([.. items.Select((item, i) =>
        {
            var todo = new JsonObject { [text] = item, ["status"] = i switch { 0 => "completed", 1 => "in_progress", _ => "pending" } };
            foreach (var (name, value) in new (string, string)[] { ("id", $"{i + 1}"), ("activeForm", item), ("priority", "medium") })
            {
                if (entry?.Argument(name) is not null)
                {
                    todo[name] = value;
                }
            }

            return (JsonNode)todo;
        })]);
    }

    // An agent refuses a call without its required arguments before it asks anybody; those the scenario does not care about get a value of their type.
    private static void AddRequired(JsonObject input, OfferedTool? offered)
    {
        foreach (var name in offered?.Required ?? [])
        {
            if (!input.ContainsKey(name) && offered!.Argument(name) is { } schema)
            {
                input[name] = Is(schema, "boolean") ? false : Is(schema, "number") || Is(schema, "integer") ? 0 : Is(schema, "array") ? new JsonArray() : "scripted";
            }
        }
    }

    private static bool Is(JsonElement schema, string type) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("type", out var t) && t.ValueKind is JsonValueKind.String
        && string.Equals(t.GetString(), type, StringComparison.OrdinalIgnoreCase);

    private static JsonObject Filled(JsonObject? input, Func<string, string> fill)
    {
        JsonNode? Fill(JsonNode? node) => node switch
        {
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Fill(p.Value)))),
            JsonArray a => new JsonArray([.. a.Select(Fill)]),
            JsonValue v when v.GetValueKind() is JsonValueKind.String => fill(v.GetValue<string>()),
            _ => node?.DeepClone(),
        };
        return input is null ? [] : (JsonObject)Fill(input)!;
    }

    private static ToolCall Call(string name, JsonObject input) => new($"call_{Guid.CreateVersion7():N}", name, input);
}
