using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Hub.Sessions;

/// <summary>
/// What a process may write into a session's metadata, and what stays of what was known before it. A process that starts knows little: what it
/// does not mention is carried forward, above all the ids by which the agents find the conversation again.
/// </summary>
internal static class CarryForward
{
    // What a person or the hub writes is not the process's to change.
    private static readonly string[] s_hubOwned = ["supersededBySessionId", "opencodeClearOperation", FactApplier.ReopenError];

    // How a session stands is told by its own facts, and by the hub; never by the way.
    private static readonly string[] s_lifecycle = ["lifecycleState", "lifecycleStateSince", "archivedBy", "archiveReason"];

    // What was true of the process before, and of nothing else.
    private static readonly string[] s_ofProcess = ["hostPid", "hapiMcpUrl", "startedBy", "startedFromRunner"];

    // Without them a session cannot be shown or found: they are replaced, never cleared.
    private static readonly string[] s_required = ["path", "host"];

    /// <summary>A process has opened the session: lays what it tells over what is known. An explicit null clears a member.</summary>
    public static void Open(JsonObject known, JsonObject told)
    {
        foreach (var key in s_ofProcess)
        {
            known.Remove(key);
        }

        Forget(known, told.Text("cursorSessionId"), told.ContainsKey("cursorSessionProtocol"));
        foreach (var (key, value) in told)
        {
            if (s_hubOwned.Contains(key) || s_lifecycle.Contains(key) || (key is "name" && known.ContainsKey(key)) || (key is "summary" && IsOlder(value, known[key])))
            {
                continue;
            }

            Set(known, key, value);
        }
    }

    /// <summary>A process has something to add or to correct.</summary>
    public static void Patch(JsonObject known, IReadOnlyDictionary<string, RawJson>? set, IReadOnlyList<string>? remove)
    {
        var told = new JsonObject();
        foreach (var (key, value) in set ?? new Dictionary<string, RawJson>())
        {
            told[key] = JsonObjects.Node(value);
        }

        foreach (var key in remove ?? [])
        {
            told[key] = null;
        }

        Forget(known, told.Text("cursorSessionId"), told.ContainsKey("cursorSessionProtocol"));
        foreach (var (key, value) in told)
        {
            if (!s_hubOwned.Contains(key) && !s_lifecycle.Contains(key) && key is not "name")
            {
                Set(known, key, value);
            }
        }
    }

    // A new chat of Cursor must not inherit how the old one was spoken to.
    private static void Forget(JsonObject known, string? chat, bool withProtocol)
    {
        if (chat is not null && !withProtocol && chat != known.Text("cursorSessionId"))
        {
            known.Remove("cursorSessionProtocol");
        }
    }

    private static void Set(JsonObject known, string key, JsonNode? value)
    {
        if (value is not null)
        {
            known[key] = value.DeepClone();
        }
        else if (!s_required.Contains(key))
        {
            known.Remove(key);
        }
    }

    private static bool IsOlder(JsonNode? title, JsonNode? known) => At(known) is { } k && (At(title) ?? 0) < k;

    private static long? At(JsonNode? title) => title is JsonObject t && t["updatedAt"] is JsonValue at && at.TryGetValue(out long ms) ? ms : null;
}
