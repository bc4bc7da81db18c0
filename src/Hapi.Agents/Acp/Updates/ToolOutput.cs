using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Acp.Updates;

/// <summary>Makes of what a call gave back something a person can read: its text where there is one, else the value as it is.</summary>
internal static class ToolOutput
{
    /// <summary>Under these names agents keep the text a person wants, best first.</summary>
    private static readonly string[] s_textMembers = ["output", "content", "text", "formatted_output", "aggregated_output", "stdout", "message", "error"];

    /// <param name="isDiff">The call is a change of files that its input shows already.</param>
    public static RawJson Build(JsonElement? rawOutput, string contentText, bool isDiff)
    {
        if (rawOutput is { } raw && raw.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return TextIn(raw) is { } text && (text.Length > 0 || contentText.Length == 0) ? Text(text) : contentText.Length > 0 || isDiff ? Text(contentText) : new RawJson(Encoding.UTF8.GetBytes(raw.GetRawText()));
        }

        return Text(contentText);
    }

    public static RawJson Text(string text) => new(Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\""));

    private static string? TextIn(JsonElement raw) => raw.ValueKind switch
    {
        JsonValueKind.String => raw.GetString(),
        JsonValueKind.Array when raw.GetArrayLength() > 0 && raw.EnumerateArray().All(item => item.Text("text") is not null) =>
            string.Join("\n", raw.EnumerateArray().Select(item => item.Text("text"))),
        JsonValueKind.Object => s_textMembers.Select(name => raw.Member(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Array } value ? TextIn(value) : null)
            .FirstOrDefault(text => text is not null),
        _ => null,
    };
}
