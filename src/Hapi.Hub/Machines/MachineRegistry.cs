using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Machines;

/// <summary>Notes what machines say of themselves.</summary>
internal static class MachineRegistry
{
    /// <summary>Lays what is new over what is stored. Gives <see langword="false"/> when the machine belongs to another namespace.</summary>
    public static bool Register(WriteScope scope, string @namespace, MachineIdentity machine)
    {
        var known = MachineRows.Find(scope.Sql, machine.Id);
        if (known is not null && known.Namespace != @namespace)
        {
            return false;
        }

        var merged = JsonObjects.Parse(known?.Metadata ?? "{}");
        foreach (var (key, value) in JsonObjects.Parse(machine.Metadata))
        {
            if (key is not "displayName") // a person's
            {
                merged[key] = value?.DeepClone();
            }
        }

        var text = JsonObjects.Text(merged);
        if (known?.Metadata == text)
        {
            return true;
        }

        var row = new MachineRow(machine.Id, @namespace, (known?.Seq ?? 0) + 1, known?.CreatedAt ?? scope.Now, scope.Now, text, (known?.MetadataVersion ?? 0) + 1);
        MachineRows.Save(scope.Sql, row);
        var seq = EventRows.Append(scope, @namespace, null, machine.Id, EventKinds.Machine, null);
        // Whoever registers has a link: it is there.
        var wire = new Machine
        {
            Id = row.Id,
            Namespace = @namespace,
            Seq = row.Seq,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Active = true,
            ActiveAt = scope.Now,
            Metadata = JsonObjects.Raw(text),
            MetadataVersion = row.MetadataVersion,
            RunnerStateVersion = 1,
        };
        scope.Events.Add(HubEvent.Of(seq, @namespace, null, machine.Id, new MachineUpdated(machine.Id, @namespace, wire), HubJson.Default.MachineUpdated));
        return true;
    }
}
