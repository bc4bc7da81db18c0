namespace Hapi.Hub.Storage;

/// <summary>Reads, each in one snapshot of the database, beside the writer and never waiting for it.</summary>
internal sealed class HubReader(Database database)
{
    public async Task<T> ReadAsync<T>(Func<SqlScope, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await Database.BeginSnapshotAsync(connection, cancellationToken);
        using var sql = new SqlScope(connection, snapshot);
        return read(sql);
    }
}
