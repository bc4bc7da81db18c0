using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Hub.Sessions;

/// <summary>The to-do list of a session, as agents announce it in their messages.</summary>
internal static class Todos
{
    /// <summary>Gives the list as JSON when the message announces one, otherwise <see langword="null"/>.</summary>
    public static string? From(RawJson content)
    {
        // Most messages announce nothing; looking for two words is cheaper than parsing each.
        if (content.Utf8.Span.IndexOf("\"plan\""u8) < 0 && content.Utf8.Span.IndexOf("\"TodoWrite\""u8) < 0)
        {
            return null;
        }

        try
        {
            var data = JsonNode.Parse(content.Utf8.Span)?["content"]?["data"] as JsonObject;
            return data?.Text("type") switch
            {
                "plan" when data["entries"] is JsonArray entries => List(entries, numbered: true),
                "tool-call" when data.Text("name") is "TodoWrite" && data["input"]?["todos"] is JsonArray todos => List(todos, numbered: false),
                _ => null,
            };
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string List(JsonArray entries, bool numbered)
    {
        var items = new JsonArray();
        foreach (var entry in entries.OfType<JsonObject>())
        {
            if (entry.Text("content") is { } text && entry.Text("status") is "pending" or "in_progress" or "completed")
            {
                items.Add((JsonNode)new JsonObject
                {
                    ["content"] = entry.Text("content"),
                    ["status"] = entry.Text("status"),
                    ["priority"] = entry.Text("priority") is "high" or "medium" or "low" ? entry.Text("priority") : "medium",
                    ["id"] = entry.Text("id") ?? (numbered ? $"plan-{items.Count + 1}" : ""),
                });
            }
        }

        return JsonObjects.Text(items);
    }
}
