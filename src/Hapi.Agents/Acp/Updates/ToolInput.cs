using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Agents.Acp.Updates;

/// <summary>Makes of what an agent says about a call an input that a person can read on its card.</summary>
internal static class ToolInput
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly string[] s_pathNames = ["filePath", "path", "fileName", "filepath"];

    /// <summary>Tells whether there is anything in it: agents announce calls with <c>{}</c>, or with the folder alone, before the model has written the input.</summary>
    public static bool IsUsable(JsonElement? input) => input is { } value && value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => member.Name is not "cwd"),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.String => !string.IsNullOrWhiteSpace(value.GetString()),
        _ => false,
    };

    /// <summary>Input that streams as text (Kimi), or stands as text in a request (Gemini); only once it is whole.</summary>
    public static JsonElement? InText(JsonElement call)
    {
        var text = TextOf(call);
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string TextOf(JsonElement call) =>
        string.Join("\n", call.Items("content").Select(item => item.Object("content")?.Text("text")).Where(text => !string.IsNullOrEmpty(text)));

    /// <param name="asAsked">With what the permission request says: that is what will run, so it wins over what was announced.</param>
    public static RawJson Build(ToolCall call, bool asAsked)
    {
        var said = call.RawInput ?? call.StreamedInput;
        if (said is { ValueKind: not JsonValueKind.Object } other && IsUsable(other))
        {
            return Raw(JsonNode.Parse(other.GetRawText()));
        }

        var input = said is { ValueKind: JsonValueKind.Object } members ? Copy(members, []) : FromTitle(call);
        if (call.AskedInput is { } asked && (asAsked || !call.HasInput))
        {
            Copy(asked, input);
        }

        input = CodexInput.WithoutPlumbing(input);

        if (input["command"] is JsonArray argv)
        {
            input["command"] = CommandLine([.. argv.Select(part => part?.ToString() ?? "")]);
        }

        if (call.Kind is "edit" or "read" && Path(input) is { } path)
        {
            input.TryAdd("file_path", path);
        }

        ToolDiff.AddTo(input, call.Diffs);
        return Raw(input);
    }

    /// <summary>The file, under the names that agents have for it.</summary>
    private static string? Path(JsonObject input) =>
        s_pathNames.Select(name => input[name] is JsonValue value && value.TryGetValue<string>(out var path) ? path : null).FirstOrDefault(path => path is not null);

    private static JsonObject Copy(JsonElement from, JsonObject to)
    {
        foreach (var member in from.EnumerateObject())
        {
            to[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return to;
    }

    /// <summary>Gemini names what it wants to do in the title alone.</summary>
    private static JsonObject FromTitle(ToolCall call)
    {
        var title = call.Title is { } said && said != call.Name ? said : null;
        var input = new JsonObject();
        switch (call.Kind)
        {
            case "execute" when title is not null && !call.HasRawInput:
                input["command"] = WithoutLabel(title, "Shell: ", "Running: ", "Bash: ");
                break;
            case "search" when title is not null && !call.HasRawInput:
                input["pattern"] = title;
                break;
            case "fetch" when title is not null && !call.HasRawInput:
                input["url"] = title;
                break;
            case "read" or "edit" or "delete" or "move" when call.Path is not null:
                input["file_path"] = call.Path;
                break;
        }

        if (call.Kind is "execute" && input.Count > 0 && call.AskedText is { } description)
        {
            input["description"] = description;
        }

        return input;
    }

    /// <summary>codex-acp gives the argument list; a person reads the command line, without the shell that is wrapped round it.</summary>
    private static string CommandLine(string[] argv) =>
        argv is [var shell, "-lc" or "-c", var command] && System.IO.Path.GetFileName(shell) is "bash" or "sh" or "zsh"
            ? command
            : string.Join(' ', argv.Select(part => part.Length > 0 && !part.Any(char.IsWhiteSpace) ? part : $"'{part}'"));

    private static string WithoutLabel(string title, params ReadOnlySpan<string> labels)
    {
        foreach (var label in labels)
        {
            if (title.StartsWith(label, StringComparison.Ordinal))
            {
                return title[label.Length..];
            }
        }

        return title;
    }

    private static RawJson Raw(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var w = new Utf8JsonWriter(buffer, s_options))
        {
            if (node is null)
            {
                w.WriteNullValue();
            }
            else
            {
                node.WriteTo(w);
            }
        }

        return new RawJson(buffer.WrittenMemory);
    }
}
