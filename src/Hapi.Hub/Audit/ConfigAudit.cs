using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>Changes of how a session is set: its permission mode, its model, its effort.</summary>
internal static class ConfigAudit
{
    /// <summary>The process has taken over what a person set. Commands of other kinds are nothing to audit here.</summary>
    public static void Accepted(SessionEdit edit, CommandRow command)
    {
        if (command.Command.Kind is CommandKinds.ConfigSet && Parse(command) is { } wish)
        {
            var row = edit.Row;
            Add(edit, SessionAudit.Asking(command, command.Command.By ?? ""), command.Channel ?? AuditChannels.Web,
                (row.PermissionMode, row.Model, row.Effort, row.ModelReasoningEffort),
                (wish.PermissionMode, wish.Model, wish.Effort, wish.ModelReasoningEffort), wish.ClearModel, wish.ClearEffort);
        }
    }

    /// <summary>The process says that it is set otherwise than the row knows, and no command of a person asked for that: it was changed at the machine, or by the agent.</summary>
    public static void Observed(SessionEdit edit, string? mode, string? model, string? effort, string? reasoning)
    {
        var (row, wish) = (edit.Row, CommandRows.Newest(edit.Scope.Sql, edit.Row.Id, CommandKinds.ConfigSet) is { State: "sent" or "accepted" } command ? Parse(command) : null);
        // What was not known before is no change.
        string? Own(string? before, string? now, string? wished) => before is null || now is null || now == before || now == wished ? null : now;
        Add(edit, AuditActor.Session(row.Id), AuditChannels.Link, (row.PermissionMode, row.Model, row.Effort, row.ModelReasoningEffort),
            (Own(row.PermissionMode, mode, wish?.PermissionMode), Own(row.Model, model, wish?.Model), Own(row.Effort, effort, wish?.Effort),
                Own(row.ModelReasoningEffort, reasoning, wish?.ModelReasoningEffort)), false, false);
    }

    private static void Add(
        SessionEdit edit, AuditActor actor, string channel, (string? Mode, string? Model, string? Effort, string? Reasoning) old,
        (string? Mode, string? Model, string? Effort, string? Reasoning) now, bool noModel, bool noEffort)
    {
        var (before, after) = (new JsonObject(), new JsonObject());
        void Changed(string name, string? from, string? to, bool cleared = false)
        {
            if (to is not null || cleared)
            {
                before[name] = from;
                after[name] = cleared ? "default" : to;
            }
        }

        Changed("permissionMode", old.Mode, now.Mode);
        Changed("model", old.Model, now.Model, noModel);
        Changed("effort", old.Effort, now.Effort, noEffort);
        Changed("modelReasoningEffort", old.Reasoning, now.Reasoning);
        if (after.Count > 0)
        {
            SessionAudit.Add(edit, AuditKinds.ConfigChanged, actor, channel, string.Join(", ", after.Select(p => p.Key)), null, before, after);
        }
    }

    private static ConfigSetCommand? Parse(CommandRow command) => JsonSerializer.Deserialize(command.Command.Body.Utf8.Span, LinkJson.Default.ConfigSetCommand);
}
