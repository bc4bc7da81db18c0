using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>Notes what machines say of themselves, and the names that people give them.</summary>
internal sealed class MachineRegistry(LiveMachines live)
{
    private const string DisplayName = "displayName"; // a person's

    // What only a runner knows: when it does not say it any more, it is not so any more.
    private static readonly string[] s_runners = ["capabilities", "supervisedRestart", "startedCliMtimeMs", "installedCliMtimeMs"];

    /// <summary>Lays what a session knows of its machine over what is stored. Gives <see langword="false"/> when the machine belongs to another namespace.</summary>
    public bool Register(WriteScope scope, string @namespace, MachineIdentity machine)
    {
        var known = MachineRows.Find(scope.Sql, machine.Id);
        if (known is not null && known.Namespace != @namespace)
        {
            return false;
        }

        var metadata = JsonObjects.Parse(known?.Metadata ?? "{}");
        LayOver(metadata, JsonObjects.Parse(machine.Metadata));
        Save(scope, known ?? New(scope, @namespace, machine.Id), metadata, known is null);
        return true;
    }

    /// <summary>A runner has begun. One of an older generation changes nothing any more.</summary>
    public void Open(WriteScope scope, string @namespace, MachineOpened opened, long generation)
    {
        var known = MachineRows.Find(scope.Sql, opened.Machine.Id);
        if (known is not null && generation < known.Generation)
        {
            return;
        }

        var (metadata, said) = (JsonObjects.Parse(known?.Metadata ?? "{}"), JsonObjects.Parse(opened.Machine.Metadata));
        LayOver(metadata, said);
        foreach (var key in s_runners.Where(key => !said.ContainsKey(key)))
        {
            metadata.Remove(key);
        }

        var row = known ?? New(scope, @namespace, opened.Machine.Id);
        Save(scope, WithState(row, opened.RunnerState) with { Generation = generation }, metadata, known is null || row.Generation != generation || row.RunnerState != opened.RunnerState.ToString());
    }

    /// <summary>Something has changed. What a runner of an older generation knows is out of date.</summary>
    public void Patch(WriteScope scope, MachineRow row, MachinePatch patch, long generation)
    {
        if (generation < row.Generation)
        {
            return;
        }

        var metadata = JsonObjects.Parse(row.Metadata);
        JsonObjects.Patch(metadata, patch.Set?.Where(p => p.Key is not DisplayName).ToDictionary(), patch.Remove?.Where(key => key is not DisplayName).ToList());
        Save(scope, patch.RunnerState is { } state ? WithState(row, state) : row, metadata, patch.RunnerState is not null);
    }

    /// <summary>Gives the machine a person's name; an empty one takes it away.</summary>
    public void Rename(WriteScope scope, MachineRow row, string name)
    {
        var metadata = JsonObjects.Parse(row.Metadata);
        if (name.Length == 0)
        {
            metadata.Remove(DisplayName);
        }
        else
        {
            metadata[DisplayName] = name;
        }

        Save(scope, row, metadata, changed: false);
    }

    private static void LayOver(JsonObject metadata, JsonObject said)
    {
        foreach (var (key, value) in said.Where(p => p.Key is not DisplayName))
        {
            metadata[key] = value?.DeepClone();
        }
    }

    private static MachineRow New(WriteScope scope, string @namespace, string id) => new(id, @namespace, 0, scope.Now, scope.Now, "{}", 0);

    private static MachineRow WithState(MachineRow row, RawJson state) =>
        row.RunnerState == state.ToString() ? row : row with { RunnerState = state.ToString(), RunnerStateVersion = row.RunnerStateVersion + 1 };

    private void Save(WriteScope scope, MachineRow row, JsonObject metadata, bool changed)
    {
        var text = JsonObjects.Text(metadata);
        if (!changed && row.Metadata == text)
        {
            return;
        }

        row = row with { Seq = row.Seq + 1, UpdatedAt = scope.Now, Metadata = text, MetadataVersion = row.Metadata == text ? Math.Max(row.MetadataVersion, 1) : row.MetadataVersion + 1 };
        MachineRows.Save(scope.Sql, row);
        var seq = scope.Log.Append(row.Namespace, null, row.Id, EventKinds.Machine, null);
        scope.Events.Add(HubEvent.Of(seq, row.Namespace, null, row.Id, new MachineUpdated(row.Id, row.Namespace, live.View(row)), HubJson.Default.MachineUpdated));
    }
}
