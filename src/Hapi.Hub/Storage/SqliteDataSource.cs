using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Hapi.Hub.Storage;

/// <summary>SQLite with what durability needs set on every connection. Its files are this user's alone.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    private const string Pragmas =
        "pragma journal_mode=wal; pragma synchronous=full; pragma fullfsync=on; pragma foreign_keys=on; pragma busy_timeout=5000; pragma temp_store=memory; pragma cache_size=-8192;";

    // The connections are kept by those who use them: a pool below would run the pragmas at each opening.
    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        MakePrivate();
        var connection = CreateDbConnection();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        return connection;
    }

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    // SQLite gives its side files the mode of the file itself.
    private void MakePrivate()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }
    }
}
