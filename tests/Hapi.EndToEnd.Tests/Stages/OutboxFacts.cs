using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>What a session has written and the hub has not acknowledged, read beside its owner.</summary>
internal static class OutboxFacts
{
    /// <summary>Every fact with its generation, oldest first.</summary>
    public static IReadOnlyList<(long Generation, JsonElement Fact)> Of(Stage stage, string sessionId)
    {
        using var connection = Open(stage, sessionId);
        using var command = connection.CreateCommand();
        command.CommandText = "select generation, body from facts order by generation, n";
        using var row = command.ExecuteReader();
        var all = new List<(long, JsonElement)>();
        while (row.Read())
        {
            all.Add(((long)row[0], JsonElement.Parse((byte[])row[1])));
        }

        return all;
    }

    /// <summary>How many messages the session's inbox has taken.</summary>
    public static long Prompts(Stage stage, string sessionId)
    {
        using var connection = Open(stage, sessionId);
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from inbox where kind = 'message'";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(Stage stage, string sessionId)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(stage.HapiHome, "outbox", sessionId + ".db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
