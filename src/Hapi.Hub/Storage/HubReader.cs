using System.Collections.Concurrent;
using System.Data.Common;

namespace Hapi.Hub.Storage;

/// <summary>
/// Reads, each in one snapshot of the database, beside the writer and never waiting for it.
/// Connections are kept with their prepared statements, as many as were ever used at once.
/// </summary>
internal sealed class HubReader(Database database) : IAsyncDisposable
{
    private const int MaxKept = 16;
    private readonly ConcurrentStack<Reading> _idle = new();
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<SqlScope, T> read, CancellationToken cancellationToken)
    {
        if (!_idle.TryPop(out var reading))
        {
            var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            reading = new Reading(connection, new SqlScope(connection, null));
        }

        try
        {
            T result;
            await using (var snapshot = await Database.BeginSnapshotAsync(reading.Connection, cancellationToken))
            {
                reading.Sql.Transaction = snapshot;
                result = read(reading.Sql);
                // A reader has nothing to undo; a commit ends the snapshot cheaply.
                await snapshot.CommitAsync(CancellationToken.None);
            }

            Keep(ref reading);
            return result;
        }
        finally
        {
            // After an exception the connection may be broken.
            reading?.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        _closed = true;
        while (_idle.TryPop(out var reading))
        {
            reading.Dispose();
        }

        return default;
    }

    private void Keep(ref Reading? reading)
    {
        if (!_closed && _idle.Count < MaxKept)
        {
            _idle.Push(reading!);
            reading = null;
        }
    }

    private sealed record Reading(DbConnection Connection, SqlScope Sql) : IDisposable
    {
        public void Dispose()
        {
            Sql.Dispose();
            Connection.Dispose();
        }
    }
}
