using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Hapi.Session.Tests;

/// <summary>What stands in an outbox file, read beside its owner.</summary>
internal static class OutboxFacts
{
    /// <summary>Every fact, oldest first.</summary>
    public static IReadOnlyList<JsonElement> Read(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select body from facts order by generation, n";
        using var row = command.ExecuteReader();
        var all = new List<JsonElement>();
        while (row.Read())
        {
            all.Add(JsonElement.Parse((byte[])row[0]));
        }

        return all;
    }
}
