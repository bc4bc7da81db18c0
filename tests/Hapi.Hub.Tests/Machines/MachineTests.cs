using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Machines;

/// <summary>Machines over HTTP.</summary>
public sealed class MachineTests() : HubTests(StoreKind.Sqlite)
{
    [Theory]
    [InlineData("PATCH", "", """{"displayName":"x"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/repo"}""")]
    [InlineData("POST", "/list-directory", """{"path":"/"}""")]
    [InlineData("POST", "/paths/exists", """{"paths":["/"]}""")]
    [InlineData("GET", "/worktrees?directory=/repo", "")]
    [InlineData("DELETE", "/worktrees", """{"directory":"/repo","path":"/repo-worktrees/a"}""")]
    [InlineData("POST", "/stop-session", """{"sessionId":"s1"}""")]
    [InlineData("POST", "/restart-runner", "")]
    public async Task A_machine_that_is_not_theirs_answers_nobody(string method, string route, string body)
    {
        var (other, _) = await Hub.PairAsync("work");
        var token = await Hub.SignInAsync(other);
        await using var runner = await RunnerClient.OpenAsync(Hub);

        var foreign = await Hub.SendAsync(new HttpMethod(method), $"/api/machines/m1{route}", body.Length == 0 ? null : body, token);
        var unknown = await Hub.SendAsync(new HttpMethod(method), $"/api/machines/m9{route}", body.Length == 0 ? null : body);

        Assert.Equal((HttpStatusCode.Forbidden, "access_denied"), (foreign.Status, foreign.Code));
        Assert.Equal((HttpStatusCode.NotFound, "machine_not_found"), (unknown.Status, unknown.Code));
        Assert.Equal(0, runner.WaitingSpawns);
    }

    [Theory]
    [InlineData("POST", "/list-directory", """{"path":"/"}""")]
    [InlineData("POST", "/paths/exists", """{"paths":["/"]}""")]
    [InlineData("GET", "/worktrees?directory=/repo", "")]
    [InlineData("DELETE", "/worktrees", """{"directory":"/repo","path":"/repo-worktrees/a"}""")]
    [InlineData("POST", "/stop-session", """{"sessionId":"s1"}""")]
    public async Task Who_cannot_answer_is_503_of_its_own_kind(string method, string route, string body)
    {
        await using var session = await LinkClient.OpenAsync(Hub, "s1"); // a machine without a runner
        Task<Answer> AskAsync() => Hub.SendAsync(new HttpMethod(method), $"/api/machines/m1{route}", body.Length == 0 ? null : body);

        var disconnected = await AskAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "rpc_target_missing", "The machine's runner is not connected."), (disconnected.Status, disconnected.Code, disconnected.Error));

        await using var old = new RunnerClient(await LinkClient.ConnectAsync(Hub)); // serves nothing
        await old.Link.HelloAsync("runner", "m1", 1);
        await old.AppendAsync(Facts.MachineOpened());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "rpc_target_missing"), ((await AskAsync()).Status, (await AskAsync()).Code));
    }

    [Theory]
    [InlineData("PATCH", "", """{"displayName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("PATCH", "", """{"displayName":7}""")]
    [InlineData("PATCH", "", "{}")]
    [InlineData("POST", "/list-directory", "{}")]
    [InlineData("POST", "/list-directory", """{"path":""}""")]
    [InlineData("POST", "/paths/exists", """{"paths":[""]}""")]
    [InlineData("POST", "/paths/exists", """{"paths":[7]}""")]
    [InlineData("POST", "/paths/exists", """{"paths":[null]}""")]
    [InlineData("GET", "/worktrees", "")]
    [InlineData("GET", "/worktrees?directory=", "")]
    [InlineData("DELETE", "/worktrees", """{"directory":"/repo"}""")]
    [InlineData("POST", "/stop-session", """{"sessionId":""}""")]
    [InlineData("POST", "/spawn", "")]
    [InlineData("POST", "/spawn", """{"directory":""}""")]
    [InlineData("POST", "/spawn", """{"directory":7}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a\nb"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","agent":"--version"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","agent":"a b"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","permissionMode":""}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","model":"--yolo"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","sessionType":"castle"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","startingMode":"local"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","agent":"agy","startingMode":"pty"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","yolo":"yes"}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","command":[]}""")]
    [InlineData("POST", "/spawn", """{"directory":"/a","command":[null]}""")]
    public async Task What_cannot_be_is_400_and_reaches_no_machine(string method, string route, string body)
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);

        var answer = await Hub.SendAsync(new HttpMethod(method), $"/api/machines/m1{route}", body.Length == 0 ? null : body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(answer.Code, new[] { "invalid_body", "invalid_query" });
        Assert.Equal(0, runner.WaitingSpawns);
    }

    [Fact]
    public async Task A_name_is_shown_to_everybody_and_an_empty_one_takes_it_away()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        await using var events = await EventClient.ConnectAsync(Hub);

        await Hub.SendAsync(HttpMethod.Patch, "/api/machines/m1", new { displayName = " Desk " });
        await events.NextAsync("machine-updated", e => e.GetProperty("data").GetProperty("metadata").TryGetProperty("displayName", out var name) && name.GetString() is "Desk");
        await Hub.SendAsync(HttpMethod.Patch, "/api/machines/m1", new { displayName = "  " });

        Assert.False((await Hub.GetAsync("/api/machines")).Body.GetProperty("machines")[0].GetProperty("metadata").TryGetProperty("displayName", out _));
    }

    [Fact]
    public async Task A_session_that_was_started_is_there_when_its_id_is_told()
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        runner.AnswersSpawns(_ => """{"type":"success","sessionId":"new"}""");

        var spawning = Hub.PostAsync("/api/machines/m1/spawn", new { directory = "~/repo", agent = "acp", permissionMode = "plan", sessionType = "worktree", worktreeName = "fix", command = new[] { "agent", "--acp" } });
        var asked = await runner.SpawnAsync();
        await using var session = await LinkClient.OpenAsync(Hub, "new");

        Assert.Equal("""{"type":"success","sessionId":"new"}""", (await spawning).Body.GetRawText());
        Assert.Equal(("~/repo", "acp", "plan", "worktree", "fix", "agent", true), (
            asked.GetProperty("directory").GetString(), asked.GetProperty("agent").GetString(), asked.GetProperty("permissionMode").GetString(), asked.GetProperty("sessionType").GetString(),
            asked.GetProperty("worktreeName").GetString(), asked.GetProperty("command")[0].GetString(), asked.TryGetProperty("by", out _)));
        Assert.Equal(HttpStatusCode.OK, (await Hub.GetAsync("/api/sessions/new")).Status);
    }

    [Theory]
    [InlineData("""{"type":"error","errorMessage":"Outside the roots.","code":"directory_outside_roots"}""", "Outside the roots.", "directory_outside_roots")]
    [InlineData("""{"type":"requestToApproveDirectoryCreation","directory":"/new"}""", "The directory /new does not exist.", "directory_missing")]
    [InlineData("""{"type":"success"}""", "The runner gave an answer that this hub does not understand.", "unexpected_answer")]
    [InlineData("7", "The runner gave an answer that this hub does not understand.", "unexpected_answer")]
    public async Task What_goes_wrong_on_the_machine_is_told_with_200(string result, string message, string code)
    {
        await using var runner = await RunnerClient.OpenAsync(Hub);
        runner.AnswersSpawns(_ => result);

        var answer = await Hub.PostAsync("/api/machines/m1/spawn", new { directory = "/new" });

        Assert.Equal((HttpStatusCode.OK, "error", message, code), (
            answer.Status, answer.Body.GetProperty("type").GetString(), answer.Body.GetProperty("message").GetString(), answer.Body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_spawn_without_a_runner_is_an_error_with_200()
    {
        await using var session = await LinkClient.OpenAsync(Hub, "s1");

        Assert.Equal("error", (await Hub.PostAsync("/api/machines/m1/spawn", new { directory = "/repo" })).Body.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Questions_reach_the_runner_and_its_answers_come_back()
    {
        await using var session = await LinkClient.OpenAsync(Hub, "s1");
        await using var runner = await RunnerClient.OpenAsync(Hub);
        runner.Link.Serve("list-directory", p => $$"""{"success":true,"entries":[{"name":"{{p.GetProperty("args").GetProperty("path").GetString()}}","type":"directory"}]}""");
        runner.Link.Serve("path-exists", p => $$$"""{"exists":{"{{{p.GetProperty("args").GetProperty("paths")[0].GetString()}}}":true}}""");
        runner.Link.Serve("list-worktrees", p => $$"""{"success":true,"worktrees":[{"path":"{{p.GetProperty("args").GetProperty("directory").GetString()}}","branch":"b","dirty":false,"inUse":false}]}""");
        runner.Link.Serve("remove-worktree", p => $$"""{"success":false,"error":"{{p.GetProperty("args").GetProperty("worktreePath").GetString()}}","code":"dirty"}""");
        runner.Link.Serve("stop-session", p => $$"""{"status":"{{(p.GetProperty("args").GetProperty("sessionId").GetString() is "s1" ? "stopped" : "already_gone")}}"}""");

        Assert.Equal("/home", (await Hub.PostAsync("/api/machines/m1/list-directory", new { path = "/home" })).Body.GetProperty("entries")[0].GetProperty("name").GetString());
        Assert.True((await Hub.PostAsync("/api/machines/m1/paths/exists", new { paths = new[] { " /a ", "/a" } })).Body.GetProperty("exists").GetProperty("/a").GetBoolean());
        Assert.Equal("""{"exists":{}}""", (await Hub.PostAsync("/api/machines/m1/paths/exists", new { paths = new[] { "  " } })).Body.GetRawText());
        Assert.Equal("/repo", (await Hub.GetAsync("/api/machines/m1/worktrees?directory=/repo")).Body.GetProperty("worktrees")[0].GetProperty("path").GetString());
        Assert.Equal("/w", (await Hub.SendAsync(HttpMethod.Delete, "/api/machines/m1/worktrees", new { directory = "/repo", path = "/w" })).Body.GetProperty("error").GetString());
        Assert.Equal("""{"status":"stopped"}""", (await Hub.PostAsync("/api/machines/m1/stop-session", new { sessionId = "s1" })).Body.GetRawText());
        Assert.Equal("session_not_found", (await Hub.PostAsync("/api/machines/m1/stop-session", new { sessionId = "nobody" })).Code);
    }

    [Fact]
    public async Task Nobody_stops_another_namespaces_session_through_a_machine_of_their_own()
    {
        var (other, _) = await Hub.PairAsync("work");
        await using var theirs = await LinkClient.OpenAsync(Hub, "w1", other, machine: "m2");
        await using var runner = await RunnerClient.OpenAsync(Hub);

        Assert.Equal("access_denied", (await Hub.PostAsync("/api/machines/m1/stop-session", new { sessionId = "w1" })).Code);
    }

    [Fact]
    public async Task A_runner_is_restarted_only_where_something_starts_it_again()
    {
        await using (await LinkClient.OpenAsync(Hub, "s1"))
        {
            var offline = await Hub.PostAsync("/api/machines/m1/restart-runner");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "machine_offline"), (offline.Status, offline.Code));
        }

        await using var alone = await RunnerClient.OpenAsync(Hub, metadata: new { host = "box", supervisedRestart = "true" });
        var unsupported = await Hub.PostAsync("/api/machines/m1/restart-runner");
        Assert.Equal((HttpStatusCode.BadGateway, "restart_unsupported"), (unsupported.Status, unsupported.Code));

        await using var service = await RunnerClient.OpenAsync(Hub, generation: 2, metadata: new { host = "box", supervisedRestart = true });
        var failed = await Hub.PostAsync("/api/machines/m1/restart-runner");
        Assert.Equal((HttpStatusCode.BadGateway, "restart_failed"), (failed.Status, failed.Code));
        service.Link.Serve("stop-runner", _ => """{"message":"Restarting."}""");
        Assert.Equal("""{"message":"Restarting."}""", (await Hub.PostAsync("/api/machines/m1/restart-runner")).Body.GetRawText());
    }
}
