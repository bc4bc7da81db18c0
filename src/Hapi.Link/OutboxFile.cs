using Hapi.Contracts;
using Microsoft.Data.Sqlite;

namespace Hapi.Link;

/// <summary>The SQLite file behind an outbox: statements, no policy. One thread at a time uses each connection.</summary>
internal sealed class OutboxFile : IDisposable
{
    private const string Schema = """
        create table if not exists meta (key text primary key, value integer not null) without rowid;
        create table if not exists facts (generation integer not null, n integer not null, body blob not null, primary key (generation, n)) without rowid;
        create table if not exists inbox (seq integer primary key autoincrement, id text not null unique, kind text not null, body blob not null, state integer not null, local_id text);
        """;

    private const int Corrupt = 11, NotADatabase = 26, PageBytes = 4096;
    private readonly SqliteConnection _write;
    private readonly SqliteConnection? _read;

    /// <param name="maxBytes">Over this size a write fails as on a full disk.</param>
    /// <exception cref="SqliteException">The file cannot be opened, or is damaged (<see cref="IsDamage"/>).</exception>
    public OutboxFile(string path, long maxBytes)
    {
        _write = Connect(path);
        try
        {
            _read = Connect(path);
            Execute("pragma journal_mode=wal; pragma synchronous=normal; pragma busy_timeout=5000;");
            Check();
            Execute(Schema);
            Execute($"pragma max_page_count={maxBytes / PageBytes}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the file itself is bad, not the disk, the rights or a neighbour.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    public static bool HoldsFacts(string path)
    {
        using var connection = Connect(path);
        using var command = Statement(connection, "select exists (select 1 from facts)");
        return command.ExecuteScalar() is 1L;
    }

    public void Begin() => Execute("begin immediate");

    public void Commit() => Execute("commit");

    public void Rollback()
    {
        try
        {
            Execute("rollback");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself when the disk failed it.
        }
    }

    /// <param name="first">The generation of a new file.</param>
    public long NextGeneration(long first)
    {
        using var command = Statement("insert into meta (key, value) values ('generation', $first) on conflict (key) do update set value = value + 1 returning value", ("$first", first));
        return (long)command.ExecuteScalar()!;
    }

    public void Insert(long generation, long n, byte[] body)
    {
        using var command = Statement("insert into facts (generation, n, body) values ($generation, $n, $body)", ("$generation", generation), ("$n", n), ("$body", body));
        command.ExecuteNonQuery();
    }

    public void Trim(long generation, long through)
    {
        using var command = Statement("delete from facts where generation = $generation and n <= $through", ("$generation", generation), ("$through", through));
        command.ExecuteNonQuery();
    }

    public List<OutboxFact> Read(long generation, long after, int limit, int maxBytes)
    {
        using var command = Statement(_read, "select n, body from facts where generation = $generation and n > $after order by n limit $limit",
            ("$generation", generation), ("$after", after), ("$limit", limit));
        using var row = command.ExecuteReader();
        var facts = new List<OutboxFact>();
        var bytes = 0;
        while (row.Read())
        {
            var body = (byte[])row[1];
            if ((bytes += body.Length) > maxBytes && facts.Count > 0)
            {
                break;
            }

            facts.Add(new(row.GetInt64(0), body));
        }

        return facts;
    }

    /// <summary>Generations before this one that still hold facts.</summary>
    public List<long> OlderGenerations(long current)
    {
        using var command = Statement(_read, "select distinct generation from facts where generation < $current order by generation", ("$current", current));
        using var row = command.ExecuteReader();
        var all = new List<long>();
        while (row.Read())
        {
            all.Add(row.GetInt64(0));
        }

        return all;
    }

    /// <summary>Gives <see langword="false"/> when the inbox knows the command already.</summary>
    public bool Remember(string id, string kind, ReadOnlyMemory<byte> body, string? localId)
    {
        using var command = Statement("insert into inbox (id, kind, body, state, local_id) values ($id, $kind, $body, 0, $local) on conflict (id) do nothing",
            ("$id", id), ("$kind", kind), ("$body", body.ToArray()), ("$local", (object?)localId ?? DBNull.Value));
        return command.ExecuteNonQuery() == 1;
    }

    public void Note(string id, InboxState state)
    {
        using var command = Statement("update inbox set state = $state where id = $id", ("$state", (int)state), ("$id", id));
        command.ExecuteNonQuery();
    }

    public List<InboxEntry> Entries(string kind)
    {
        using var command = Statement(_read, "select id, kind, body, state, local_id from inbox where kind = $kind order by seq", ("$kind", kind));
        using var row = command.ExecuteReader();
        var all = new List<InboxEntry>();
        while (row.Read())
        {
            all.Add(new(row.GetString(0), row.GetString(1), new RawJson((byte[])row[2]), (InboxState)row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4)));
        }

        return all;
    }

    public void Dispose()
    {
        _read?.Dispose();
        _write.Dispose();
    }

    // A file that was cut short opens well and fails later, in the middle of something.
    private void Check()
    {
        using var command = Statement("pragma quick_check(1)");
        if (command.ExecuteScalar() is not "ok")
        {
            throw new SqliteException("The file is damaged.", Corrupt);
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var command = Statement(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Statement(string sql, params ReadOnlySpan<(string Name, object Value)> values) => Statement(_write, sql, values);

    private static SqliteCommand Statement(SqliteConnection? connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection!.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
