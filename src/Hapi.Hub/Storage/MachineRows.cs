using System.Data.Common;

namespace Hapi.Hub.Storage;

/// <summary>One machine as it is stored. <c>Generation</c> is the newest of its runner, 0 when it never had one.</summary>
internal sealed record MachineRow(
    string Id, string Namespace, long Seq, long CreatedAt, long UpdatedAt, string Metadata, long MetadataVersion, string? RunnerState = null, long RunnerStateVersion = 1, long Generation = 0);

/// <summary>The statements of the machines table.</summary>
internal static class MachineRows
{
    private const string Columns = "id, namespace, seq, created_at, updated_at, metadata, metadata_version, runner_state, runner_state_version, generation";

    public static MachineRow? Find(SqlScope sql, string id) => sql.Row($"select {Columns} from machines where id = @id", Read, ("@id", id));

    public static List<MachineRow> List(SqlScope sql, string @namespace) =>
        sql.Rows($"select {Columns} from machines where namespace = @namespace order by created_at", Read, ("@namespace", @namespace));

    /// <summary>Writes a new row, or one whose <c>Seq</c> is one above the one it was read with.</summary>
    /// <exception cref="WriteConflictException">Another writer has changed it since.</exception>
    public static void Save(SqlScope sql, MachineRow row)
    {
        if (Write(sql, row) != 1)
        {
            throw new WriteConflictException("machine");
        }
    }

    private static int Write(SqlScope sql, MachineRow row) => sql.Execute($"""
        insert into machines ({Columns}) values (@id, @namespace, @seq, @created_at, @updated_at, @metadata, @version, @runner_state, @runner_state_version, @generation)
        on conflict (id) do update set seq = excluded.seq, updated_at = excluded.updated_at, metadata = excluded.metadata, metadata_version = excluded.metadata_version,
        runner_state = excluded.runner_state, runner_state_version = excluded.runner_state_version, generation = excluded.generation
        where machines.seq = excluded.seq - 1
        """, ("@id", row.Id), ("@namespace", row.Namespace), ("@seq", row.Seq), ("@created_at", row.CreatedAt), ("@updated_at", row.UpdatedAt), ("@metadata", row.Metadata), ("@version", row.MetadataVersion),
        ("@runner_state", row.RunnerState), ("@runner_state_version", row.RunnerStateVersion), ("@generation", row.Generation));

    private static MachineRow Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetInt64(6), row.Text(7), row.GetInt64(8), row.GetInt64(9));
}
