using System.Text.Json.Nodes;
using Hapi.Contracts.Machines;
using Hapi.Hub.Http;
using Hapi.Hub.Machines;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Reopens;

/// <summary>Where and how a session is started again, read off what is stored.</summary>
internal sealed record ReopenPlan(string MachineId, SpawnRequest Request)
{
    private const int LookAt = 50;

    /// <summary>Gives a plan, or why there is none.</summary>
    public static (ReopenPlan? Plan, ReopenOutcome? Refusal) Make(SqlScope sql, SessionRow row, ReopenWish wish, LiveMachines live)
    {
        var metadata = JsonObjects.Parse(row.Metadata);
        var directory = (metadata["worktree"] as JsonObject)?.Text("worktreePath") ?? metadata.Text("path");
        if (string.IsNullOrWhiteSpace(directory))
        {
            return (null, ReopenOutcome.Failed(ErrorCodes.ResumeUnavailable, "This session cannot be brought back: its folder is not known."));
        }

        // Without the agent's own id only a session that never began can go on: it begins.
        var native = NativeIds.Of(metadata, row.Flavor); // another agent's id is no use to this one
        if (native is null && HasBegun(sql, row.Id))
        {
            return (null, ReopenOutcome.Failed(ErrorCodes.ResumeUnavailable, "This session cannot be brought back: its agent never gave an id for the conversation."));
        }

        if (MachineFor(sql, row, metadata.Text("host"), live) is not { } machine)
        {
            return (null, ReopenOutcome.Failed(ErrorCodes.NoMachineOnline, "The machine of this session is not online. Start its runner: hapi runner start."));
        }

        return (new(machine, new SpawnRequest(
            directory, row.Id, native, row.Flavor, row.Model, row.Effort, row.ModelReasoningEffort, wish.PermissionMode ?? row.PermissionMode,
            ApprovedNewDirectoryCreation: false, StartingMode: "remote", By: wish.By)), null);
    }

    // The recorded machine's runner, or another on the same host: a machine that was set up anew has a new id.
    private static string? MachineFor(SqlScope sql, SessionRow row, string? host, LiveMachines live) => row.MachineId is { } recorded && live.RunnerOf(recorded) is not null
        ? recorded
        : MachineRows.List(sql, row.Namespace).FirstOrDefault(m => host is not null && live.RunnerOf(m.Id) is not null && JsonObjects.Parse(m.Metadata).Text("host") == host)?.Id;

    // What a session notes of itself (a switch of modes, say) is no conversation.
    private static bool HasBegun(SqlScope sql, string id)
    {
        var first = MessageRows.First(sql, id, LookAt);
        return first.Count == LookAt || first.Exists(m => JsonObjects.Parse(m.Content)["content"] is not JsonObject { } content || !IsEvent(content));
    }

    private static bool IsEvent(JsonObject content) => content.Text("type") is "event" || (content["data"] as JsonObject)?.Text("type") is "event";
}
