using System.Data.Common;

namespace Hapi.Hub.Storage;

internal sealed record MachineRow(string Id, string Namespace, long Seq, long CreatedAt, long UpdatedAt, string Metadata, long MetadataVersion);

/// <summary>The statements of the machines table.</summary>
internal static class MachineRows
{
    private const string Columns = "id, namespace, seq, created_at, updated_at, metadata, metadata_version";

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
        insert into machines ({Columns}) values (@id, @namespace, @seq, @created_at, @updated_at, @metadata, @version)
        on conflict (id) do update set seq = excluded.seq, updated_at = excluded.updated_at, metadata = excluded.metadata, metadata_version = excluded.metadata_version
        where machines.seq = excluded.seq - 1
        """, ("@id", row.Id), ("@namespace", row.Namespace), ("@seq", row.Seq), ("@created_at", row.CreatedAt), ("@updated_at", row.UpdatedAt), ("@metadata", row.Metadata), ("@version", row.MetadataVersion));

    private static MachineRow Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetInt64(6));
}
