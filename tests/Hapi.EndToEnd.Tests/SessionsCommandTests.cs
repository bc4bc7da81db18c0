using System.Text.Json;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi sessions</c>, with a real hub and real sessions.</summary>
public sealed class SessionsCommandTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_session_is_listed_shown_renamed_stopped_and_deleted()
    {
        await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        await session.SaidAsync("Connected to the hub");
        var prefix = id[..6];

        var list = await AnswerAsync(0, "list");
        Assert.Equal(id, Assert.Single(list.EnumerateArray()).GetProperty("id").GetString());
        var (_, table, _) = await _stage.RunAsync("sessions", "--active");
        Assert.All(table.TrimEnd().Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Matches($@"{id[..8]}  demo      idle                     now         project", table);

        await AnswerAsync(0, "rename", prefix, "the", "long", "one");
        Assert.Equal("the long one", (await AnswerAsync(0, "show", prefix)).GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("session_active", (await AnswerAsync(14, "delete", prefix)).GetProperty("code").GetString());

        Assert.Equal("User terminated", (await AnswerAsync(0, "stop", prefix)).GetProperty("archiveReason").GetString());
        Assert.Equal(0, await session.EndedAsync());
        Assert.Empty((await AnswerAsync(0, "list")).EnumerateArray());
        Assert.Contains("ended: User terminated", (await _stage.RunAsync("sessions", "--all")).Out, StringComparison.Ordinal);
        Assert.Equal("session_inactive", (await AnswerAsync(1, "stop", prefix)).GetProperty("code").GetString());
        Assert.True((await AnswerAsync(0, "archive", prefix)).GetProperty("alreadyArchived").GetBoolean());

        Assert.Equal("no_machine_online", (await AnswerAsync(18, "reopen", prefix)).GetProperty("code").GetString());

        await AnswerAsync(0, "delete", prefix);
        Assert.Equal("session_not_found", (await AnswerAsync(16, "show", prefix)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_beginning_of_an_id_must_fit_one_session()
    {
        await _stage.HubAsync();
        foreach (var last in "12")
        {
            await _stage.Hapi("demo", "--existing-session-id", $"aaaaaaaa-0000-4000-8000-00000000000{last}").SaidAsync("Connected to the hub");
        }

        var refused = await AnswerAsync(17, "stop", "aaaa");
        Assert.Equal("ambiguous", refused.GetProperty("code").GetString());
        Assert.Equal(2, (await AnswerAsync(0, "list")).GetArrayLength());
        Assert.Equal("hub_unreachable", JsonElement.Parse((await UnreachableAsync()).Out).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_ended_session_is_brought_back_by_the_runner_of_its_machine_and_answers()
    {
        await _stage.HubAsync();
        var (session, id) = await _stage.DemoAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        await AnswerAsync(0, "stop", id);
        await session.EndedAsync();

        _stage.Hapi("runner", "start-sync");
        await api.UntilAsync("the runner is there", async () => (await api.GetAsync("/api/machines")).GetProperty("machines").GetArrayLength() == 1);
        Assert.True((await AnswerAsync(0, "reopen", id)).GetProperty("resumed").GetBoolean());
        try
        {
            await api.SendAsync(id, "hello again", "l1");
            await api.UntilAsync("the agent answered", async () => (await api.TextsAsync(id)).Any());
            Assert.False((await AnswerAsync(0, "reopen", id)).GetProperty("resumed").GetBoolean());
        }
        finally
        {
            await AnswerAsync(0, "stop", id);
            await Eventually.TrueAsync(() => new RunningSessions(_stage.HapiHome).List().Count == 0, "the session ends", CancellationToken.None);
        }
    }

    private async Task<StagedProgram> UnreachableAsync()
    {
        var command = _stage.HapiWith(new() { ["HAPI_API_URL"] = "http://127.0.0.1:1", ["CLI_API_TOKEN"] = "any-token-at-all" }, "sessions", "list", "--json");
        Assert.Equal(11, await command.EndedAsync());
        return command;
    }

    private async Task<JsonElement> AnswerAsync(int exitCode, params string[] arguments)
    {
        var (code, output, error) = await _stage.RunAsync(["sessions", .. arguments, "--json"]);
        Assert.True(exitCode == code, $"{string.Join(' ', arguments)} ended with {code}: {output}{error}");
        return JsonElement.Parse(output);
    }
}
