using System.Text.Json.Nodes;
using Hapi.Hub.Sessions;

namespace Hapi.Hub.Reopens;

/// <summary>How a session had ended before it was started again, so that a start that fails leaves it exactly so.</summary>
internal sealed class ArchiveSnapshot
{
    private static readonly string[] s_fields = ["lifecycleState", "lifecycleStateSince", "archivedBy", "archiveReason"];
    private readonly Dictionary<string, JsonNode?> _fields;
    private readonly long? _endedAt, _interruptedAt;
    private readonly bool _stopWanted;

    private ArchiveSnapshot(SessionEdit edit)
    {
        _fields = s_fields.Where(edit.Metadata.ContainsKey).ToDictionary(key => key, key => edit.Metadata[key]?.DeepClone());
        (Generation, _endedAt, _interruptedAt, _stopWanted) = (edit.Row.Generation, edit.Row.EndedAt, edit.Row.InterruptedAt, edit.Row.StopWanted);
    }

    /// <summary>The newest generation at that time.</summary>
    public long Generation { get; }

    public static ArchiveSnapshot Of(SessionEdit edit) => new(edit);

    /// <summary>Puts everything back. What the generation that failed says of its end later changes nothing any more.</summary>
    public void Restore(SessionEdit edit)
    {
        var row = edit.Row;
        if (row.Generation == Generation)
        {
            return; // no process has come far enough to change it
        }

        row.FailedGeneration = row.Generation;
        edit.ChangeMetadata(metadata =>
        {
            foreach (var field in s_fields)
            {
                metadata.Remove(field);
                if (_fields.TryGetValue(field, out var value))
                {
                    metadata[field] = value?.DeepClone();
                }
            }
        });
        if (_endedAt is { } endedAt && row.EndedAt is null)
        {
            edit.ChangeAgentState(state => Requests.CancelAll(state, edit.Scope.Now, "Session ended"));
            edit.End("error", endedAt);
        }

        row.EndedAt = _endedAt ?? row.EndedAt;
        (row.InterruptedAt, row.StopWanted) = (_interruptedAt, _stopWanted);
        edit.Touch();
    }
}
