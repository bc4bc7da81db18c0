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
            return new(Postgres(FromUrl(new Uri(store))), "postgres");
        }

        return store.Contains("Host=", StringComparison.OrdinalIgnoreCase)
            ? new(Postgres(new NpgsqlConnectionStringBuilder(store)), "postgres")
            : new(new SqliteDataSource(store), "sqlite");
    }

    /// <summary>Whether a unit of work failed only because another writer came between: with fresh rows it may go through.</summary>
    public static bool IsLostRace(Exception exception) => exception is WriteConflictException
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>One view of the data for several reads; it takes no lock that a writer waits for.</summary>
    public static async ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static NpgsqlDataSource Postgres(NpgsqlConnectionStringBuilder settings)
    {
        // The hub runs some dozens of statements, each very often: let the server plan them once.
        settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        settings.ApplicationName = "hapi";
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder FromUrl(Uri url)
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

        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var n, var v] ? (n, v) : (option, "");
            parts[Uri.UnescapeDataString(name) is "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(name)] = Uri.UnescapeDataString(value);
        }

        return parts;
    }
}
