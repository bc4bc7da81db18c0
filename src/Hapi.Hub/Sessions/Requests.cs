using System.Text.Json.Nodes;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Sessions;

/// <summary>What an agent asks, inside the agent state: open requests by id, and those that were answered.</summary>
internal static class Requests
{
    public const string Open = "requests";
    public const string Completed = "completedRequests";
    private const int MaxCompleted = 200;

    public static JsonObject? Find(JsonObject state, string map, string id) => (state[map] as JsonObject)?[id] as JsonObject;

    public static void Add(JsonObject state, RequestOpened opened)
    {
        var request = new JsonObject { ["tool"] = opened.Tool, ["arguments"] = JsonObjects.Node(opened.Arguments), ["createdAt"] = opened.At };
        if (opened.Options is { Count: > 0 } options)
        {
            request["options"] = new JsonArray([.. options.Select(o => new JsonObject { ["id"] = o.Id, ["label"] = o.Label, ["kind"] = o.Kind })]);
        }

        Map(state, Open)[opened.Id] = request;
        (state[Completed] as JsonObject)?.Remove(opened.Id); // asked again: it waits again
    }

    /// <summary>Moves a request to the answered ones.</summary>
    public static void Close(JsonObject state, RequestClosed closed)
    {
        var done = Take(state, closed.Id, closed.Status, closed.At);
        Set(done, "reason", closed.Reason);
        Set(done, "mode", closed.Mode);
        Set(done, "decision", closed.Decision);
        Set(done, "by", closed.By);
        if (closed.AllowTools is { Count: > 0 } tools)
        {
            done["allowTools"] = new JsonArray([.. tools.Select(t => (JsonNode?)t)]);
        }

        if (closed.Answers is { } answers)
        {
            done["answers"] = JsonObjects.Node(answers);
        }
    }

    public static void CancelAll(JsonObject state, long at, string reason)
    {
        foreach (var id in Map(state, Open).Select(r => r.Key).ToList())
        {
            var done = Take(state, id, "canceled", at);
            done["reason"] = reason;
            done["decision"] = "abort";
        }
    }

    private static JsonObject Take(JsonObject state, string id, string status, long at)
    {
        var requests = Map(state, Open);
        var done = (requests[id] as JsonObject)?.DeepClone() as JsonObject ?? [];
        requests.Remove(id);
        done["status"] = status;
        done["completedAt"] = at;
        var completed = Map(state, Completed);
        completed.Remove(id); // so that the newest are last, and the oldest go first
        completed[id] = done;
        while (completed.Count > MaxCompleted)
        {
            completed.RemoveAt(0);
        }

        return done;
    }

    private static JsonObject Map(JsonObject state, string key)
    {
        if (state[key] is not JsonObject map)
        {
            state[key] = map = [];
        }

        return map;
    }

    private static void Set(JsonObject target, string key, string? value)
    {
        if (value is not null)
        {
            target[key] = value;
        }
    }
}
