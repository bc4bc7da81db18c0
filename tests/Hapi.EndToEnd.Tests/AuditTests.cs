using System.Text.Json;
using Hapi.EndToEnd.Tests.Stages;
using Microsoft.Data.Sqlite;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi audit</c>, with a real hub and a real session.</summary>
public sealed class AuditTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_happened_is_a_line_each_and_the_proof_is_one()
    {
        await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        using (var api = await _stage.ApiAsync())
        {
            await api.ConnectedAsync(id);
            await api.PostAsync($"/api/sessions/{id}/archive");
        }

        await session.EndedAsync();

        var (code, lines, _) = await _stage.RunAsync("audit", "--session", id);
        Assert.Equal(0, code);
        Assert.Matches($@"^\d{{4}}-\d\d-\d\d \d\d:\d\d  session {id[..8]}  ended by the owner: User terminated\n", lines);
        Assert.Contains($"session {id[..8]}  archived by the owner: User terminated\n", lines, StringComparison.Ordinal);
        Assert.Contains($"session {id[..8]}  started by the terminal on ", lines, StringComparison.Ordinal);

        var (_, json, _) = await _stage.RunAsync("audit", "--kind", "session.", "--limit", "2", "--json");
        Assert.Equal(["session.ended", "session.archived"], JsonElement.Parse(json).GetProperty("acts").EnumerateArray().Select(a => a.GetProperty("kind").GetString()));
        Assert.Equal("Nothing of that kind has happened.\n", (await _stage.RunAsync("audit", "--kind", "machine.renamed", "--since", "1h")).Out);

        var (whole, proof, _) = await _stage.RunAsync("audit", "--verify");
        Assert.Equal(0, whole);
        Assert.Matches(@"^The audit is whole: \d+ rows, the newest has the hash [0-9a-f]{64}\.\n$", proof);
    }

    [Fact]
    public async Task A_row_somebody_has_changed_is_named_and_the_command_fails()
    {
        await _stage.HubAsync();
        Assert.Equal(0, (await _stage.RunAsync("audit", "--verify")).ExitCode);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(_stage.HapiHome, "hub.db")}"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "update audit set actor_name = 'nobody' where seq = 2";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var (code, line, _) = await _stage.RunAsync("audit", "--verify");
        Assert.Equal((1, "The audit is broken: row 2 was changed.\n"), (code, line));
        var (_, json, _) = await _stage.RunAsync("audit", "--verify", "--json");
        Assert.Equal(("audit_broken", 2), (JsonElement.Parse(json).GetProperty("code").GetString(), JsonElement.Parse(json).GetProperty("problem").GetProperty("seq").GetInt64()));
    }

    [Theory]
    [InlineData(2, "--since does not understand", "audit", "--since", "yesterday")]
    [InlineData(2, "--limit takes a number", "audit", "--limit", "0")]
    [InlineData(12, "hapi auth login", "audit")]
    public async Task A_mistake_gets_one_line_and_its_code(int exitCode, string expected, params string[] arguments)
    {
        var (code, output, error) = await _stage.RunAsync(arguments);
        Assert.Equal(exitCode, code);
        Assert.Empty(output);
        Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
