using System.Data.Common;

namespace Hapi.Hub.Storage;

/// <summary>A device, or a namespace's own token: something that may sign in. Only the token's digest is stored.</summary>
internal sealed record DeviceRow(string Id, string Namespace, string Name, string TokenHash, long CreatedAt, long? LastSeenAt, long? RevokedAt);

/// <summary>The statements of devices and of the one-time codes that pair them.</summary>
internal static class DeviceRows
{
    private const string Columns = "id, namespace, name, token_hash, created_at, last_seen_at, revoked_at";

    public static DeviceRow? ByToken(SqlScope sql, string hash) => sql.Row($"select {Columns} from devices where token_hash = @hash and revoked_at is null", Read, ("@hash", hash));

    public static DeviceRow? Find(SqlScope sql, string id) => sql.Row($"select {Columns} from devices where id = @id", Read, ("@id", id));

    public static List<DeviceRow> List(SqlScope sql) => sql.Rows($"select {Columns} from devices order by created_at", Read);

    public static void Insert(SqlScope sql, DeviceRow row) => sql.Execute($"insert into devices ({Columns}) values (@id, @namespace, @name, @hash, @at, null, null)",
        ("@id", row.Id), ("@namespace", row.Namespace), ("@name", row.Name), ("@hash", row.TokenHash), ("@at", row.CreatedAt));

    public static void Seen(SqlScope sql, string id, long at) => sql.Execute("update devices set last_seen_at = @at where id = @id", ("@id", id), ("@at", at));

    public static bool Revoke(SqlScope sql, string id, long at) => sql.Execute("update devices set revoked_at = @at where id = @id and revoked_at is null", ("@id", id), ("@at", at)) == 1;

    public static void AddCode(SqlScope sql, string hash, string @namespace, string? name, long expiresAt) => sql.Execute(
        "insert into pairing_codes (code_hash, namespace, name, expires_at) values (@hash, @namespace, @name, @expires)",
        ("@hash", hash), ("@namespace", @namespace), ("@name", name), ("@expires", expiresAt));

    /// <summary>Spends a code: it works once. Gives its namespace and the name it was made with.</summary>
    public static (string Namespace, string? Name)? UseCode(SqlScope sql, string hash, long now)
    {
        sql.Execute("delete from pairing_codes where expires_at < @now", ("@now", now));
        var found = sql.Rows("delete from pairing_codes where code_hash = @hash returning namespace, name", r => (r.GetString(0), r.Text(1)), ("@hash", hash));
        return found.Count == 1 ? found[0] : null;
    }

    private static DeviceRow Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.Number(5), row.Number(6));
}
