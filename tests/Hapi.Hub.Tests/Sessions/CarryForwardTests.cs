using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Hub.Sessions;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Sessions;

/// <summary>What a process that opens a session again may overwrite, and what it must leave.</summary>
public sealed class CarryForwardTests() : HubTests(StoreKind.Sqlite)
{
    public static TheoryData<string> NativeIdKeys => [.. NativeIds.Known, "someNewAgentSessionId"];

    [Theory]
    [MemberData(nameof(NativeIdKeys))]
    public void A_native_id_that_the_new_process_does_not_know_is_carried_forward(string key)
    {
        var known = new JsonObject { ["path"] = "/repo", [key] = "native" };

        CarryForward.Open(known, new JsonObject { ["path"] = "/repo" });

        Assert.Equal("native", known.Text(key));
    }

    [Theory]
    [InlineData("""{"summary":{"text":"old","updatedAt":5}}""", """{}""", """{"summary":{"text":"old","updatedAt":5}}""")]
    [InlineData("""{"summary":{"text":"old","updatedAt":5}}""", """{"summary":{"text":"older","updatedAt":4}}""", """{"summary":{"text":"old","updatedAt":5}}""")]
    [InlineData("""{"summary":{"text":"old","updatedAt":5}}""", """{"summary":{"text":"new","updatedAt":6}}""", """{"summary":{"text":"new","updatedAt":6}}""")]
    [InlineData("""{}""", """{"summary":{"text":"new"}}""", """{"summary":{"text":"new"}}""")]
    [InlineData("""{"name":"mine"}""", """{"name":"theirs"}""", """{"name":"mine"}""")]
    [InlineData("""{"name":"mine"}""", """{"name":null}""", """{"name":"mine"}""")]
    [InlineData("""{}""", """{"name":"theirs"}""", """{"name":"theirs"}""")]
    [InlineData("""{"worktree":{"name":"w"}}""", """{}""", """{"worktree":{"name":"w"}}""")]
    [InlineData("""{"worktree":{"name":"w"}}""", """{"worktree":{"name":"v"}}""", """{"worktree":{"name":"v"}}""")]
    [InlineData("""{"forkedFrom":"s0","unknownToUs":[1]}""", """{}""", """{"forkedFrom":"s0","unknownToUs":[1]}""")]
    [InlineData("""{"supersededBySessionId":"s2"}""", """{"supersededBySessionId":"s3"}""", """{"supersededBySessionId":"s2"}""")]
    [InlineData("""{"supersededBySessionId":"s2"}""", """{"supersededBySessionId":null}""", """{"supersededBySessionId":"s2"}""")]
    [InlineData("""{}""", """{"supersededBySessionId":"s3","opencodeClearOperation":{}}""", """{}""")]
    [InlineData("""{"opencodeClearOperation":{"state":"failed"}}""", """{"opencodeClearOperation":{"state":"completed"}}""", """{"opencodeClearOperation":{"state":"failed"}}""")]
    [InlineData("""{"codexSessionId":"a"}""", """{"codexSessionId":null}""", """{}""")]
    [InlineData("""{"codexSessionId":"a"}""", """{"codexSessionId":"b"}""", """{"codexSessionId":"b"}""")]
    [InlineData("""{"path":"/a","host":"h"}""", """{"path":null,"host":"i"}""", """{"path":"/a","host":"i"}""")]
    [InlineData("""{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""", """{}""", """{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""")]
    [InlineData("""{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""", """{"cursorSessionId":"c"}""", """{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""")]
    [InlineData("""{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""", """{"cursorSessionId":"d"}""", """{"cursorSessionId":"d"}""")]
    [InlineData("""{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""", """{"cursorSessionId":"d","cursorSessionProtocol":"stream-json"}""", """{"cursorSessionId":"d","cursorSessionProtocol":"stream-json"}""")]
    [InlineData("""{"hostPid":1,"hapiMcpUrl":"http://127.0.0.1:1","startedBy":"runner","startedFromRunner":true}""", """{"hostPid":2}""", """{"hostPid":2}""")]
    [InlineData("""{"lifecycleState":"archived","archivedBy":"hub"}""", """{"lifecycleState":"imported","archivedBy":"pi-import","archiveReason":"x"}""", """{"lifecycleState":"archived","archivedBy":"hub"}""")]
    public void What_is_known_and_what_is_told_become_one(string known, string told, string expected) => Assert.Equal(expected, After(known, m => CarryForward.Open(m, JsonObjects.Parse(told))));

    [Theory]
    [InlineData("""{"name":"mine"}""", """{"name":"theirs"}""", null, """{"name":"mine"}""")]
    [InlineData("""{"name":"mine","supersededBySessionId":"s2","lifecycleState":"running"}""", "{}", "name,supersededBySessionId,lifecycleState", """{"name":"mine","supersededBySessionId":"s2","lifecycleState":"running"}""")]
    [InlineData("""{"lifecycleState":"running"}""", """{"lifecycleState":"archived","archivedBy":"cli","archiveReason":"User terminated"}""", null, """{"lifecycleState":"running"}""")]
    [InlineData("""{"path":"/a","tools":["x"]}""", "{}", "path,tools", """{"path":"/a"}""")]
    [InlineData("""{"tools":["x"]}""", """{"tools":null,"slashCommands":["y"]}""", null, """{"slashCommands":["y"]}""")]
    [InlineData("""{"cursorSessionId":"c","cursorSessionProtocol":"acp"}""", """{"cursorSessionId":"d"}""", null, """{"cursorSessionId":"d"}""")]
    public void What_a_process_adds_later_leaves_what_is_not_its_own(string known, string set, string? remove, string expected) =>
        Assert.Equal(expected, After(known, m => CarryForward.Patch(m, JsonObjects.Parse(set).ToDictionary(p => p.Key, p => new RawJson(System.Text.Encoding.UTF8.GetBytes(p.Value?.ToJsonString() ?? "null"))), remove?.Split(','))));

    [Fact]
    public async Task A_process_that_knows_nothing_leaves_a_session_that_can_be_found_and_resumed()
    {
        await using (var first = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await first.AppendAsync(Facts.Metadata(new { summary = new { text = "title", updatedAt = 5 }, worktree = new { name = "w" } }), Facts.Ended());
        }

        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "mine" });
        await using var second = await LinkClient.ConnectAsync(Hub);
        await second.HelloAsync("s1", 2);
        await second.AppendAsync(Facts.Json(new
        {
            kind = "session.opened", at = Facts.Then, tag = "t", flavor = "claude", metadata = new { path = "/repo", host = "box", name = "theirs" }, agentState = new { },
            machine = new { id = "m1", metadata = new { host = "box", platform = "linux", displayName = "theirs" } },
        }));

        var metadata = (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("metadata");
        Assert.Equal(("mine", "title", "w", "native-1", "claude", "running"), (Text(metadata, "name"), Text(metadata.GetProperty("summary"), "text"), Text(metadata.GetProperty("worktree"), "name"),
            Text(metadata, "demoSessionId"), Text(metadata, "flavor"), Text(metadata, "lifecycleState")));
        Assert.False(metadata.TryGetProperty("archivedBy", out _));
        Assert.False(Assert.Single((await Hub.GetAsync("/api/machines")).Body.GetProperty("machines").EnumerateArray()).GetProperty("metadata").TryGetProperty("displayName", out _));
    }

    private static string After(string known, Action<JsonObject> change)
    {
        var metadata = JsonObjects.Parse(known);
        change(metadata);
        return JsonObjects.Text(metadata);
    }

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();
}
