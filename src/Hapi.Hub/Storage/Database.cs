using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hapi.Hub.Storage;

/// <summary>The hub's database, behind one data source. Everything above speaks one SQL; only this file and the migrations know which database it is.</summary>
internal sealed class Database : IAsyncDisposable
{
    private Database(DbDataSource source, string dialect) => (Source, Dialect) = (source, dialect);

    public DbDataSource Source { get; }

    /// <summary><c>sqlite</c> or <c>postgres</c>: the ending of the migrations.</summary>
    public string Dialect { get; }

    /// <param name="store">A <c>postgres://</c> address or Npgsql connection string, or the path of a SQLite file.</param>
    public static Database Open(string store)
    {
        if (store.StartsWith("postgres://", StringComparison.Ordinal) || store.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            return new(NpgsqlDataSource.Create(FromUrl(new Uri(store))), "postgres");
        }

        return store.Contains("Host=", StringComparison.OrdinalIgnoreCase)
            ? new(NpgsqlDataSource.Create(store), "postgres")
            : new(new SqliteDataSource(store), "sqlite");
    }

    /// <summary>One view of the data for several reads; it takes no lock that a writer waits for.</summary>
    public static async ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static string FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort ? 5432 : url.Port,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
        };
        if (user.Length == 2)
        {
            parts.Password = Uri.UnescapeDataString(user[1]);
        }

        return parts.ConnectionString;
    }
}

/// <summary>SQLite with what durability needs set on every connection.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    private const string Pragmas = "pragma journal_mode=wal; pragma synchronous=full; pragma fullfsync=on; pragma foreign_keys=on; pragma busy_timeout=5000; pragma temp_store=memory;";

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = CreateDbConnection();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        return connection;
    }

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    protected override void Dispose(bool disposing)
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        base.Dispose(disposing);
    }

    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(disposing: true);
        return base.DisposeAsyncCore();
    }
}
