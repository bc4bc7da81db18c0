using System.Globalization;
using System.Reflection;

namespace Hapi.Hub.Storage;

/// <summary>Brings a database to the version this executable knows. A newer one is refused, never touched.</summary>
internal static class Schema
{
    /// <exception cref="HubStartException">The database is newer than this executable.</exception>
    public static async Task PrepareAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var scope = new SqlScope(connection, transaction);
        if (database.Dialect is "postgres")
        {
            scope.Execute("select pg_advisory_xact_lock(727275)"); // two nodes may start at once
        }

        scope.Execute("create table if not exists schema_version (version integer not null)");
        var version = scope.Scalar<long?>("select max(version) from schema_version") ?? 0;
        var migrations = Migrations(database.Dialect);
        if (version > migrations.Count)
        {
            throw new HubStartException("store_too_new", $"The store has version {version}; this Hapi knows {migrations.Count}. Update Hapi, or point it at another store.");
        }

        foreach (var (number, sql) in migrations.Where(m => m.Number > version))
        {
            foreach (var statement in sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                scope.Execute(statement);
            }

            scope.Execute("insert into schema_version (version) values (@version)", ("@version", number));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static List<(long Number, string Sql)> Migrations(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith($".{dialect}.sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (long.Parse(name.Split("Migrations.")[1][..4], CultureInfo.InvariantCulture), Read(assembly, name)))];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
