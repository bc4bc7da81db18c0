using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Sessions;

/// <summary>Rows and volatile values, put together as clients see them.</summary>
internal static class SessionViews
{
    private static readonly string[] s_requestKinds = ["permission", "input"];

    private static readonly HashSet<string> s_inputTools = ["AskUserQuestion", "ask_user_question", "ExitPlanMode", "exit_plan_mode", "request_user_input"];

    public static Session Whole(SessionRow row, LiveSession live)
    {
        var active = IsActive(row.EndedAt, live);
        var presence = active ? live.Presence : null;
        return new()
        {
            Id = row.Id,
            Namespace = row.Namespace,
            Seq = row.Seq,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Pinned = row.Pin is "project",
            GlobalPinned = row.Pin is "global",
            Active = active,
            ActiveAt = Math.Max(live.SeenAt, row.EndedAt ?? row.UpdatedAt),
            Metadata = JsonObjects.Raw(row.Metadata),
            MetadataVersion = row.MetadataVersion,
            AgentState = JsonObjects.Raw(row.AgentState),
            AgentStateVersion = row.AgentStateVersion,
            Thinking = presence?.Thinking ?? false,
            ThinkingAt = live.SeenAt,
            ActiveTurnStartedAt = presence?.TurnStartedAt,
            Todos = row.Todos is { } todos ? JsonObjects.Raw(todos) : null,
            TodosUpdatedAt = row.TodosUpdatedAt,
            Model = presence?.Model ?? row.Model,
            ModelReasoningEffort = presence?.ModelReasoningEffort ?? row.ModelReasoningEffort,
            Effort = presence?.Effort ?? row.Effort,
            PermissionMode = presence?.PermissionMode ?? row.PermissionMode,
            AvailableModes = presence?.AvailableModes,
            AvailableModels = presence?.AvailableModels,
            Liveness = LivenessOf(row.EndedAt, live),
            Interrupted = row.InterruptedAt is null ? null : true,
        };
    }

    /// <summary>The values of the moment, all of them.</summary>
    public static SessionPatch Presence(LiveSession live)
    {
        var presence = live.Link is null ? null : live.Presence;
        return new()
        {
            Active = live.Link is not null,
            ActiveAt = live.SeenAt,
            Thinking = presence?.Thinking ?? false,
            ActiveTurnStartedAt = presence?.TurnStartedAt is { } at ? JsonObjects.Raw(at.ToString(System.Globalization.CultureInfo.InvariantCulture)) : default(RawJson),
            PermissionMode = presence?.PermissionMode,
            Model = presence?.Model,
            Effort = presence?.Effort,
            ModelReasoningEffort = presence?.ModelReasoningEffort,
        };
    }

    /// <summary>A summary as it is stored, with the values of the moment.</summary>
    public static SessionSummary Now(SessionSummary stored, long? endedAt, LiveSession live)
    {
        var active = IsActive(endedAt, live);
        var presence = active ? live.Presence : null;
        return stored with
        {
            Active = active,
            Thinking = presence?.Thinking ?? false,
            ActiveAt = Math.Max(live.SeenAt, stored.ActiveAt),
            Model = presence?.Model ?? stored.Model,
            ModelReasoningEffort = presence?.ModelReasoningEffort ?? stored.ModelReasoningEffort,
            Effort = presence?.Effort ?? stored.Effort,
            Liveness = LivenessOf(endedAt, live),
        };
    }

    /// <summary>What the list shows of a row, but for the values of the moment.</summary>
    public static SessionSummary Summary(SessionRow row)
    {
        var metadata = JsonObjects.Parse(row.Metadata);
        var pending = Pending(row);
        return new()
        {
            Id = row.Id,
            Active = false,
            Thinking = false,
            ActiveAt = row.EndedAt ?? row.UpdatedAt,
            UpdatedAt = row.UpdatedAt,
            Pinned = row.Pin is "project",
            GlobalPinned = row.Pin is "global",
            Metadata = SummaryOf(metadata),
            MetadataVersion = row.MetadataVersion,
            AgentStateVersion = row.AgentStateVersion,
            TodosUpdatedAt = row.TodosUpdatedAt,
            TodoProgress = Progress(row.Todos),
            PendingRequestsCount = pending.Count,
            PendingRequestKinds = [.. s_requestKinds.Where(kind => pending.Exists(p => p.Kind == kind))],
            PendingRequests = [.. pending.OrderBy(p => p.Since).ThenBy(p => p.Id, StringComparer.Ordinal).Take(5)],
            Model = row.Model,
            ModelReasoningEffort = row.ModelReasoningEffort,
            Effort = row.Effort,
            Interrupted = row.InterruptedAt is null ? null : true,
        };
    }

    public static bool IsActive(long? endedAt, LiveSession live) => live.Link is not null && endedAt is null;

    /// <summary>The agent's own id of the conversation: that of the session's flavor, or else any.</summary>
    public static string? NativeId(JsonObject metadata) =>
        NativeIds.Known.Prepend(NativeIds.KeyOf(metadata.Text("flavor"))).Select(metadata.Text).FirstOrDefault(id => !string.IsNullOrWhiteSpace(id))?.Trim();

    private static Liveness LivenessOf(long? endedAt, LiveSession live) =>
        endedAt is { } ended ? new("ended", ended)
        : live.Link is not null ? new("connected", live.Since, live.Fault)
        : new("unreachable", live.Since);

    private static SummaryMetadata SummaryOf(JsonObject metadata) => new(
        metadata.Text("path") ?? "",
        metadata.Text("name"),
        metadata.Text("machineId"),
        metadata.Text("host"),
        metadata["summary"] is JsonObject summary && summary.Text("text") is { } text ? new SummaryText(text) : null,
        metadata.Text("flavor"),
        metadata["worktree"] is JsonObject worktree ? JsonObjects.Raw(worktree) : null,
        NativeId(metadata),
        metadata.Text("lifecycleState"),
        metadata.Text("archivedBy"),
        metadata.Text("archiveReason"),
        metadata[FactApplier.ReopenError] is JsonObject error && error.Text("message") is { } message && error["at"] is JsonValue at && at.TryGetValue(out long failedAt) ? new ReopenError(failedAt, message) : null);

    private static List<PendingRequest> Pending(SessionRow row)
    {
        if (row.AgentState.Length < 20 || JsonObjects.Parse(row.AgentState)["requests"] is not JsonObject requests)
        {
            return [];
        }

        return [.. requests.Select(r => (r.Key, Request: r.Value as JsonObject)).Where(r => r.Request is not null).Select(r =>
        {
            var tool = r.Request!.Text("tool") ?? "";
            var since = r.Request!["createdAt"] is JsonValue at && at.TryGetValue(out long ms) ? ms : row.UpdatedAt;
            return new PendingRequest(r.Key, s_inputTools.Contains(tool) ? "input" : "permission", tool, since);
        })];
    }

    private static TodoProgress? Progress(string? todos)
    {
        if (todos is null || JsonNode.Parse(todos) is not JsonArray items || items.Count == 0)
        {
            return null;
        }

        return new(items.Count(item => item is JsonObject todo && todo.Text("status") is "completed"), items.Count);
    }
}
