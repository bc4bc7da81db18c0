using System.Text.Json;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Sessions;

public sealed class SqliteSessionMergeTests() : SessionMergeTests(StoreKind.Sqlite);

public sealed class PostgresSessionMergeTests() : SessionMergeTests(StoreKind.Postgres);

/// <summary>Imported history becomes part of the session that goes on with its conversation.</summary>
public abstract class SessionMergeTests(StoreKind store) : HubTests(store)
{
    private HubWriter Writer => Hub.App.Services.GetRequiredService<HubWriter>();

    private SessionEdits Edits => Hub.App.Services.GetRequiredService<SessionEdits>();

    [Fact]
    public async Task A_session_that_gets_to_know_its_conversation_takes_over_what_was_imported_of_it()
    {
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1","name":"mine"}""", "one", "two");
        await using var events = await EventClient.ConnectAsync(Hub);
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("new");
        await link.AppendAsync(Opened(null), Facts.Message("three", "l3"), Facts.Metadata(new { demoSessionId = "native-1" }), Facts.Message("four"));

        Assert.Equal(["one", "two", "three", "four"], await TextsAsync("new"));
        Assert.Equal([1, 2, 3, 4], (await MessagesAsync("new")).Select(m => m.GetProperty("seq").GetInt64()));
        Assert.Equal("mine", (await SessionAsync("new")).GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("Session not found", (await Hub.GetAsync("/api/sessions/old")).Error);
        await events.NextAsync("messages-invalidated", e => e.GetProperty("sessionId").GetString() is "new");
        await events.NextAsync("session-removed", e => e.GetProperty("sessionId").GetString() is "old");
        Assert.Equal("session.merged hub - hub old -", (await Hub.ActAsync("session.merged")).Line());
        Assert.Equal("ok", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task Who_listens_again_after_a_merge_gets_each_message_at_its_new_place()
    {
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "one", "two");
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("new");
        string? cursor;
        await using (var events = await EventClient.ConnectAsync(Hub))
        {
            await link.AppendAsync(Opened(null));
            await events.NextAsync("session-added");
            cursor = events.Cursor;
        }

        await link.AppendAsync(Facts.Message("three"), Facts.Message("four"));
        await link.AppendAsync(Facts.Message("five"), Facts.Metadata(new { demoSessionId = "native-1" }), Facts.Message("six"));
        await using var again = await EventClient.ConnectAsync(Hub, cursor: cursor);

        var seen = new List<(string?, long)>();
        while (seen.Count < 4)
        {
            var message = (await again.NextAsync("message-received")).Data.GetProperty("message");
            seen.Add((message.GetProperty("content").GetProperty("content").GetProperty("data").GetProperty("message").GetString(), message.GetProperty("seq").GetInt64()));
        }

        Assert.Equal([("three", 3), ("four", 4), ("five", 5), ("six", 6)], seen);
    }

    [Fact]
    public async Task Local_ids_that_both_have_stay_with_the_session_and_what_waited_in_the_import_waits_no_more()
    {
        await ImportAsync("old", """{"archivedBy":"pi-import","lifecycleState":"archived","demoSessionId":"native-1"}""");
        await Writer.WriteAsync(scope =>
        {
            var edit = Edits.Find(scope, "old")!;
            edit.AddMessage(Content("same"), 10, "same", waiting: true);
            edit.AddMessage(Content("own"), 20, "own", waiting: false);
            return true;
        }, Token);
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("new");
        await link.AppendAsync(Opened(null), Facts.Message("same here", "same"), Facts.Metadata(new { demoSessionId = "native-1" }));

        Assert.Equal([("same", null, true), ("own", "own", true), ("same here", "same", true)], (await MessagesAsync("new")).OrderBy(m => m.GetProperty("seq").GetInt64()).Select(m => (
            m.GetProperty("content").GetProperty("content").GetProperty("data").GetProperty("message").GetString()!,
            m.GetProperty("localId").GetString(),
            m.GetProperty("invokedAt").ValueKind is JsonValueKind.Number)));
    }

    [Fact]
    public async Task What_the_import_knows_and_the_session_does_not_is_filled_in()
    {
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1","name":"mine","summary":{"text":"newer","updatedAt":9},"worktree":{"name":"w"},"codexSessionId":"c","path":"/old","archivedBy":"pi-import"}""");
        await Writer.WriteAsync(scope =>
        {
            var edit = Edits.Find(scope, "old")!;
            (edit.Row.Pin, edit.Row.Model, edit.Row.Effort) = ("global", "opus", "high");
            edit.SetTodos("""[{"content":"do"}]""", 50);
            edit.ChangeAgentState(state =>
            {
                state["kept"] = 1;
                state["controlledByUser"] = true;
                state["requests"] = JsonObjects.Parse("""{"open":{"tool":"A"},"done":{"tool":"B"},"both":{"tool":"old"}}""");
                state["completedRequests"] = JsonObjects.Parse("""{"before":{"tool":"C","status":"approved"}}""");
            });
            return true;
        }, Token);
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("new");
        await link.AppendAsync(Opened(null, "sonnet"), Facts.Asks("done"), Facts.Answered("done"), Facts.Asks("both", "new"), Facts.Metadata(new { summary = new { text = "older", updatedAt = 8 } }),
            Facts.Metadata(new { demoSessionId = "native-1" }));

        var session = await SessionAsync("new");
        var metadata = session.GetProperty("metadata");
        Assert.Equal(("mine", "newer", "w", "c", "/repo", "running", "native-1"), (Text(metadata, "name"), Text(metadata.GetProperty("summary"), "text"), Text(metadata.GetProperty("worktree"), "name"),
            Text(metadata, "codexSessionId"), Text(metadata, "path"), Text(metadata, "lifecycleState"), Text(metadata, "demoSessionId")));
        Assert.False(metadata.TryGetProperty("archivedBy", out _));
        Assert.Equal((true, false, "sonnet", "high", 50), (session.GetProperty("globalPinned").GetBoolean(), session.GetProperty("pinned").GetBoolean(), Text(session, "model"), Text(session, "effort"), session.GetProperty("todosUpdatedAt").GetInt64()));
        var state = session.GetProperty("agentState");
        Assert.Equal((1, false), (state.GetProperty("kept").GetInt32(), state.GetProperty("controlledByUser").GetBoolean()));
        Assert.Equal(["both", "open"], state.GetProperty("requests").EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal("new", Text(state.GetProperty("requests").GetProperty("both"), "tool"));
        Assert.Equal(["before", "done"], state.GetProperty("completedRequests").EnumerateObject().Select(p => p.Name).Order());
    }

    [Theory]
    [InlineData("none", "project", "project")]
    [InlineData("global", "project", "global")]
    [InlineData("project", "none", "project")]
    public async Task The_strongest_pin_stays(string old, string pin, string expected)
    {
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1"}""");
        await ImportAsync("new", """{"lifecycleState":"running"}""");

        var result = await Writer.WriteAsync(scope =>
        {
            var (from, into) = (Edits.Find(scope, "old")!, Edits.Find(scope, "new")!);
            (from.Row.Pin, into.Row.Pin) = (old, pin);
            SessionMerge.Merge(from, into);
            return into.Row.Pin;
        }, Token);

        Assert.Equal(expected, result);
    }

    [Fact]
    public async Task Newer_todos_and_titles_of_the_session_stay()
    {
        await ImportAsync("old", """{"summary":{"text":"older","updatedAt":1}}""");
        await ImportAsync("new", """{"summary":{"text":"newer","updatedAt":2}}""");

        var (todos, metadata) = await Writer.WriteAsync(scope =>
        {
            var (from, into) = (Edits.Find(scope, "old")!, Edits.Find(scope, "new")!);
            from.SetTodos("[1]", 5);
            into.SetTodos("[2]", 6);
            SessionMerge.Merge(from, into);
            return (into.Row.Todos, JsonObjects.Text(into.Metadata));
        }, Token);

        Assert.Equal(("[2]", """{"summary":{"text":"newer","updatedAt":2}}"""), (todos, metadata));
    }

    [Theory]
    [InlineData("""{"lifecycleState":"archived","archivedBy":"cli","demoSessionId":"native-1"}""")]
    [InlineData("""{"lifecycleState":"imported","demoSessionId":"native-2"}""")]
    [InlineData("""{"lifecycleState":"imported","codexSessionId":"native-1"}""")]
    [InlineData("""{"lifecycleState":"imported","note":"native-1"}""")]
    public async Task What_is_no_import_of_the_same_conversation_stays_as_it_is(string metadata)
    {
        await ImportAsync("old", metadata, "one");
        await using var link = await LinkClient.OpenAsync(Hub, "new");

        Assert.Equal(["one"], await TextsAsync("old"));
        Assert.Empty(await TextsAsync("new"));
    }

    [Fact]
    public async Task An_import_of_another_namespace_stays_there()
    {
        var (phone, _) = await Hub.PairAsync("work");
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "one");
        await using var link = await LinkClient.OpenAsync(Hub, "new", phone, machine: "m2");

        Assert.Equal(["one"], await TextsAsync("old"));
    }

    [Fact]
    public async Task With_more_than_one_running_session_of_the_conversation_nothing_is_merged()
    {
        await using var one = await LinkClient.OpenAsync(Hub, "s1");
        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "one");
        await using var two = await LinkClient.OpenAsync(Hub, "s2", machine: "m2");

        Assert.Equal(["one"], await TextsAsync("old"));
        Assert.Empty(await Hub.ActsAsync("kind=session.merged"));
    }

    [Theory]
    [InlineData("m1", true)]
    [InlineData("m2", false)]
    public async Task Pi_numbers_its_conversations_on_each_machine(string machine, bool merged)
    {
        await ImportAsync("old", $$"""{"lifecycleState":"archived","archivedBy":"pi-import","piSessionId":"1","machineId":"{{machine}}"}""", "one");
        await using var link = await LinkClient.ConnectAsync(Hub);
        await link.HelloAsync("new");
        await link.AppendAsync(Opened("1", flavor: "pi"));

        Assert.Equal(merged ? ["one"] : [], await TextsAsync("new"));
    }

    [Fact]
    public async Task Several_imports_become_one_session()
    {
        await ImportAsync("old1", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "one");
        await ImportAsync("old2", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "two");
        await using var link = await LinkClient.OpenAsync(Hub, "new");
        await link.AppendAsync(Facts.Message("three"));

        Assert.Equal(["one", "three", "two"], (await TextsAsync("new")).Order());
        Assert.Single((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task An_import_finds_the_session_that_is_there()
    {
        await using (var link = await LinkClient.OpenAsync(Hub, "new"))
        {
            await link.AppendAsync(Facts.Message("two"), Facts.Ended());
        }

        await ImportAsync("old", """{"lifecycleState":"imported","demoSessionId":"native-1"}""", "one");
        var target = await Writer.WriteAsync(scope => SessionMerge.Absorb(Edits.Find(scope, "old")!).Row.Id, Token);

        Assert.Equal("new", target);
        Assert.Equal(["one", "two"], (await TextsAsync("new")).Order());
    }

    [Fact]
    public async Task A_merge_that_fails_leaves_both()
    {
        await ImportAsync("old", """{"lifecycleState":"imported"}""", "one");
        await ImportAsync("new", """{"lifecycleState":"running"}""", "two");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Writer.WriteAsync<bool>(scope =>
        {
            SessionMerge.Merge(Edits.Find(scope, "old")!, Edits.Find(scope, "new")!);
            throw new InvalidOperationException();
        }, Token));

        Assert.Equal(["one"], await TextsAsync("old"));
        Assert.Equal(["two"], await TextsAsync("new"));
    }

    private Task<bool> ImportAsync(string id, string metadata, params string[] texts) => Writer.WriteAsync(scope =>
    {
        var edit = Edits.Create(scope, new SessionRow
        {
            Id = id, Namespace = "default", Tag = "import", Flavor = metadata.Contains("piSessionId", StringComparison.Ordinal) ? "pi" : "demo", CreatedAt = 1, UpdatedAt = 1, Metadata = metadata, AgentState = "{}", EndedAt = 1,
        });
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
        {
            edit.AddMessage(Content(text), i + 1, null, waiting: false);
        }

        return true;
    }, Token);

    private static Contracts.RawJson Content(string text) => JsonObjects.Raw(Facts.Json(new { role = "agent", content = new { type = "codex", data = new { type = "message", message = text } } }));

    private static string Opened(string? native, string? model = null, string flavor = "demo") => Facts.Json(new
    {
        kind = "session.opened", at = Facts.Then, tag = "t", flavor, model,
        metadata = native is null ? (object)new { path = "/repo", host = "box" } : new { path = "/repo", host = "box", piSessionId = native },
        agentState = new { controlledByUser = false }, machine = new { id = "m1", metadata = new { host = "box", platform = "linux" } },
    });

    private async Task<List<JsonElement>> MessagesAsync(string session) => [.. (await Hub.GetAsync($"/api/sessions/{session}/messages?limit=200")).Body.GetProperty("messages").EnumerateArray()];

    private async Task<JsonElement> SessionAsync(string id) => (await Hub.GetAsync($"/api/sessions/{id}")).Body.GetProperty("session");

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();
}
