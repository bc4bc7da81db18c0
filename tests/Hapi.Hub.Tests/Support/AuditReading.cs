using System.Text.Json;
using Hapi.Hub.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Support;

/// <summary>The audit as tests look at it: over HTTP as its owner, and past the hub as somebody who has the database.</summary>
public static class AuditReading
{
    /// <summary>The acts that fit, oldest first.</summary>
    public static async Task<List<JsonElement>> ActsAsync(this TestHub hub, string query = "limit=200")
    {
        var page = await hub.GetAsync("/api/audit?" + query);
        return [.. page.Body.GetProperty("acts").EnumerateArray().Reverse()];
    }

    /// <summary>The newest act of a kind.</summary>
    public static async Task<JsonElement> ActAsync(this TestHub hub, string kind) => (await hub.ActsAsync($"kind={kind}&limit=1"))[0];

    /// <summary><c>kind actor-kind actor-name channel subject reason</c>, what is absent as <c>-</c>.</summary>
    public static string Line(this JsonElement act)
    {
        static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.ToString() : "-";
        var actor = act.GetProperty("actor");
        return string.Join(' ', Text(act, "kind"), Text(actor, "kind"), Text(actor, "name"), Text(act, "channel"), Text(act, "subject"), Text(act, "reason"));
    }

    public static async Task<string> VerifyAsync(this TestHub hub)
    {
        var proof = (await hub.GetAsync("/api/audit/verify")).Body;
        return proof.GetProperty("ok").GetBoolean() ? "ok" : $"{proof.GetProperty("problem").GetProperty("what").GetString()} {proof.GetProperty("problem").GetProperty("seq").GetInt64()}";
    }

    /// <summary>Changes the database behind the hub's back.</summary>
    public static async Task TamperAsync(this TestHub hub, params string[] statements)
    {
        await using var connection = await hub.App.Services.GetRequiredService<Database>().Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Reads one value past the hub.</summary>
    public static async Task<object?> ValueAsync(this TestHub hub, string query)
    {
        await using var connection = await hub.App.Services.GetRequiredService<Database>().Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is { } value and not DBNull ? value : null;
    }
}
