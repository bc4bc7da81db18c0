using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hapi.Agents.Acp.Updates;

/// <summary>One file as a call would change it. Without <c>Old</c> the file is new.</summary>
internal sealed record ToolDiff(string Path, string? Old, string New)
{
    public static IReadOnlyList<ToolDiff> Read(JsonElement update) =>
        [.. update.Items("content").Where(item => item.Text("type") is "diff" && item.Text("path") is not null && item.Text("newText") is not null)
            .Select(item => new ToolDiff(item.Text("path")!, item.Words("oldText"), item.Text("newText")!))];

    /// <summary>Puts the changes into an input under the names that cards know: a new file has <c>content</c>, a changed one <c>old_string</c> and <c>new_string</c>.</summary>
    public static void AddTo(JsonObject input, IReadOnlyList<ToolDiff> diffs)
    {
        if (diffs.Count == 1)
        {
            diffs[0].AddTo(input);
        }
        else if (diffs.Count > 1)
        {
            input.TryAdd("edits", new JsonArray([.. diffs.Select(diff =>
            {
                var edit = new JsonObject();
                diff.AddTo(edit);
                return (JsonNode)edit;
            })]));
        }
    }

    private void AddTo(JsonObject input)
    {
        input.TryAdd("file_path", Path);
        if (Old is null)
        {
            input.TryAdd("content", New);
        }
        else if (!input.ContainsKey("old_string"))
        {
            input["old_string"] = Old;
            input["new_string"] = New;
        }
    }
}
