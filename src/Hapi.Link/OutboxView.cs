using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Hapi.Link;

/// <summary>What still waits in an outbox, seen from outside: read only, without its lock, also while a process owns it.</summary>
/// <param name="Waiting">How many facts the hub has not acknowledged.</param>
/// <param name="OldestAt">When the oldest of them happened, in milliseconds since 1970.</param>
public sealed record OutboxView(long Waiting, long? OldestAt)
{
    private const int SecondsToWait = 2;

    /// <exception cref="OutboxException"><c>outbox_damaged</c> or <c>outbox_unavailable</c>; the file stays as it is.</exception>
    public static OutboxView Look(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = SecondsToWait }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "select count(*), (select body from facts order by generation, n limit 1) from facts";
            using var row = command.ExecuteReader();
            row.Read();
            return new OutboxView(row.GetInt64(0), row.IsDBNull(1) ? null : AtOf((byte[])row[1]));
        }
        catch (SqliteException ex)
        {
            throw OutboxFile.IsDamage(ex)
                ? new OutboxException("outbox_damaged", $"The outbox {path} cannot be read.", ex)
                : new OutboxException("outbox_unavailable", $"The outbox {path} cannot be looked at: {ex.Message}", ex);
        }
    }

    private static long? AtOf(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } fact && fact.TryGetProperty("at", out var at) && at.TryGetInt64(out var ms) ? ms : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
