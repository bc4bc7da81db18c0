using System.Net;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Sessions;

public sealed class SqliteWriteConflictTests() : WriteConflictTests(StoreKind.Sqlite);

public sealed class PostgresWriteConflictTests() : WriteConflictTests(StoreKind.Postgres);

/// <summary>A row that another writer changes between being read and being written: it heals, or says so, and nothing is lost either way.</summary>
public abstract class WriteConflictTests(StoreKind store) : HubTests(store)
{
    private int _races;

    public static TheoryData<int> Healing => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Healing))]
    public async Task A_rename_that_loses_a_race_a_few_times_is_written(int times)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        Race(times);

        Assert.Equal(HttpStatusCode.OK, (await RenameAsync("renamed")).Status);
        Assert.Equal(("renamed", 0), (await NameAsync(), _races));
        Assert.Single(await Hub.ActsAsync("kind=session.renamed"));
    }

    [Theory]
    [InlineData("PATCH", "", """{"name":"renamed"}""")]
    [InlineData("PATCH", "/summary", """{"text":"title"}""")]
    [InlineData("PUT", "/pin", """{"mode":"global"}""")]
    [InlineData("POST", "/archive", null)]
    public async Task One_that_loses_always_is_a_conflict_and_nothing_is_written(string method, string path, string? body)
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
        }

        await TestKit.Eventually.TrueAsync(async () => !(await SessionAsync()).GetProperty("active").GetBoolean(), "the link has gone", Token);
        var (before, acts) = ((await SessionAsync()).GetRawText(), (await Hub.ActsAsync()).Count);
        Race(int.MaxValue);

        var answer = await Hub.SendAsync(new HttpMethod(method), "/api/sessions/s1" + path, body);

        Assert.Equal((HttpStatusCode.Conflict, "metadata_conflict"), (answer.Status, answer.Code));
        Assert.Equal((before, acts), ((await SessionAsync()).GetRawText(), (await Hub.ActsAsync()).Count));
        Race(0);
        Assert.Equal(HttpStatusCode.OK, (await Hub.SendAsync(new HttpMethod(method), "/api/sessions/s1" + path, body)).Status);
        Assert.Equal("ok", await Hub.VerifyAsync());
    }

    [Theory]
    [MemberData(nameof(Healing))]
    public async Task Facts_that_lose_a_race_a_few_times_are_applied_once(int times)
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        Race(times);
        await link.AppendAsync(Facts.Message("one"), Facts.Metadata(new { summary = new { text = "t", updatedAt = 1 } }), Facts.Message("two"));

        Assert.Equal(["one", "two"], await TextsAsync("s1"));
        Assert.False(link.HasHeard("refuse"));
    }

    [Fact]
    public async Task Facts_that_lose_always_are_never_refused_and_come_again()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "s1"))
        {
            Race(int.MaxValue);
            await link.SendFactsAsync(2, [Facts.Message("one"), Facts.Ended()]);
            await link.ClosedAsync();
            Assert.False(link.HasHeard("refuse"));
            Assert.False(link.HasHeard("ack"));
        }

        Race(0);
        await using var again = await LinkClient.ConnectAsync(Hub);
        var hello = await again.HelloAsync("s1");
        Assert.Equal(1, hello.GetProperty("result").GetProperty("through").GetInt64());
        await again.AppendAsync(Facts.Message("one"), Facts.Ended());
        Assert.Equal(["one"], await TextsAsync("s1"));
        Assert.Equal("archived", (await SessionAsync()).GetProperty("metadata").GetProperty("lifecycleState").GetString());
    }

    [Fact]
    public async Task A_unit_that_loses_spoils_none_of_its_batch()
    {
        await using var one = await LinkClient.OpenAsync(Hub, "s1");
        await using var two = await LinkClient.OpenAsync(Hub, "s2", machine: "m2");
        var edits = Hub.App.Services.GetRequiredService<SessionEdits>();
        edits.Saving = edit => Bump(edit, edit.Row.Id is "s1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Hub.SendAsync(HttpMethod.Patch, $"/api/sessions/s{1 + (i % 2)}", new { name = $"{i}" })));

        Assert.All(answers.Where((_, i) => i % 2 == 0), a => Assert.Equal("metadata_conflict", a.Code));
        Assert.All(answers.Where((_, i) => i % 2 == 1), a => Assert.Equal(HttpStatusCode.OK, a.Status));
    }

    [Fact]
    public async Task A_machines_row_that_lost_a_race_is_not_written()
    {
        var writer = Hub.App.Services.GetRequiredService<HubWriter>();
        var row = new MachineRow("m1", "default", 1, 1, 1, "{}", 1);
        await writer.WriteAsync(scope => Save(scope, row), Token);
        await writer.WriteAsync(scope => Save(scope, row with { Seq = 2 }), Token);

        await Assert.ThrowsAsync<WriteConflictException>(() => writer.WriteAsync(scope => Save(scope, row with { Seq = 2, Metadata = """{"lost":1}""" }), Token));

        Assert.Equal("{}", await Hub.ValueAsync("select metadata from machines where id = 'm1'"));
    }

    /// <summary>The next writes of the session find that another writer was there.</summary>
    private void Race(int times)
    {
        _races = times;
        Hub.App.Services.GetRequiredService<SessionEdits>().Saving = edit => Bump(edit, _races > 0 && _races-- > 0);
    }

    private static void Bump(SessionEdit edit, bool now)
    {
        if (now)
        {
            edit.Scope.Sql.Execute("update sessions set seq = seq + 1 where id = @id", ("@id", edit.Row.Id));
        }
    }

    private static bool Save(WriteScope scope, MachineRow row)
    {
        MachineRows.Save(scope.Sql, row);
        return true;
    }

    private Task<Answer> RenameAsync(string name) => Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name });

    private async Task<System.Text.Json.JsonElement> SessionAsync() => (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session");

    private async Task<string?> NameAsync() => (await SessionAsync()).GetProperty("metadata").GetProperty("name").GetString();
}
