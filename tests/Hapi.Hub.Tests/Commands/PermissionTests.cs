using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Commands;

public sealed class SqlitePermissionTests() : PermissionTests(StoreKind.Sqlite);

public sealed class PostgresPermissionTests() : PermissionTests(StoreKind.Postgres);

public abstract class PermissionTests(StoreKind store) : HubTests(store)
{
    private const string Request = "/api/sessions/s1/permissions/r1";

    [Fact]
    public async Task An_approval_reaches_the_process_with_everything_it_says()
    {
        await using var link = await AskingAsync();

        var answer = await Hub.PostAsync($"{Request}/approve", new { mode = "acceptEdits", allowTools = new[] { "Bash(ls)" }, answers = new Dictionary<string, string[]> { ["0"] = ["Yes"] } });
        var body = (await link.CommandAsync("permission.answer")).GetProperty("body");

        Assert.Equal("""{"ok":true}""", answer.Body.GetRawText());
        Assert.Equal("""{"requestId":"r1","approved":true,"mode":"acceptEdits","allowTools":["Bash(ls)"],"decision":"approved","answers":{"0":["Yes"]}}""", body.GetRawText());
    }

    [Fact]
    public async Task A_denial_reaches_the_process_with_its_reason()
    {
        await using var link = await AskingAsync();

        await Hub.PostAsync($"{Request}/deny", new { reason = "not here" });

        Assert.Equal("""{"requestId":"r1","approved":false,"reason":"not here","decision":"denied"}""", (await link.CommandAsync("permission.answer")).GetProperty("body").GetRawText());
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public async Task An_answer_without_a_body_is_an_answer(string verb)
    {
        await using var link = await AskingAsync();

        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync($"{Request}/{verb}")).Status);
        Assert.Equal(verb is "approve", (await link.CommandAsync("permission.answer")).GetProperty("body").GetProperty("approved").GetBoolean());
    }

    [Fact]
    public async Task Of_two_phones_the_first_wins_and_the_second_is_told_who()
    {
        var (phone, _) = await Hub.PairAsync("default", "my phone");
        await using var link = await AskingAsync();

        await Hub.PostAsync($"{Request}/deny", token: await Hub.SignInAsync(phone));
        var second = await Hub.PostAsync($"{Request}/approve");

        Assert.Equal((HttpStatusCode.Conflict, "request_already_answered"), (second.Status, second.Code));
        Assert.Equal(("denied", "my phone"), (second.Body.GetProperty("decision").GetString(), second.Body.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task An_answered_request_stays_answered_after_the_process_closed_it()
    {
        await using var link = await AskingAsync();
        await link.AppendAsync(Facts.Answered("r1", "denied", by: "terminal"));

        var late = await Hub.PostAsync($"{Request}/approve");

        Assert.Equal((HttpStatusCode.Conflict, "denied", "terminal"), (late.Status, late.Body.GetProperty("decision").GetString(), late.Body.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task An_unknown_request_is_404_and_an_ended_session_409()
    {
        await using var link = await AskingAsync();

        Assert.Equal("Request not found", (await Hub.PostAsync("/api/sessions/s1/permissions/r9/approve")).Error);
        await link.AppendAsync(Facts.Ended());
        var ended = await Hub.PostAsync("/api/sessions/s1/permissions/r9/approve");
        Assert.Equal((HttpStatusCode.Conflict, "session_inactive"), (ended.Status, ended.Code));
    }

    [Theory]
    [InlineData("approve", "[]")]
    [InlineData("approve", "nonsense")]
    [InlineData("approve", """{"decision":"maybe"}""")]
    [InlineData("approve", """{"allowTools":"Bash"}""")]
    [InlineData("deny", """{"decision":"approved"}""")]
    public async Task A_bad_answer_is_400_and_decides_nothing(string verb, string body)
    {
        await using var link = await AskingAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_body"), await CodeAsync(Hub.PostAsync($"{Request}/{verb}", body)));
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync($"{Request}/deny")).Status);
    }

    [Fact]
    public async Task A_mode_that_the_session_does_not_offer_is_400()
    {
        await using var link = await AskingAsync();
        await link.PresenceAsync(thinking: true, availableModes: [new { id = "default", label = "Default", tone = "neutral" }]);
        await TestKit.Eventually.TrueAsync(async () => (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").TryGetProperty("availableModes", out _), "the modes are known", Token);

        Assert.Equal((HttpStatusCode.BadRequest, "mode_not_offered"), await CodeAsync(Hub.PostAsync($"{Request}/approve", new { mode = "yolo" })));
        Assert.Equal((HttpStatusCode.BadRequest, "mode_not_offered"), await CodeAsync(Hub.PostAsync("/api/sessions/s1/permission-mode", new { mode = "yolo" })));
    }

    [Fact]
    public async Task An_approval_given_while_the_process_is_out_of_reach_is_kept_and_delivered()
    {
        await (await AskingAsync()).DisposeAsync();
        await TestKit.Eventually.TrueAsync(async () => !(await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("active").GetBoolean(), "the link is gone", Token);

        Assert.Equal("""{"ok":true,"delivery":"pending"}""", (await Hub.PostAsync($"{Request}/approve")).Body.GetRawText());
        await Hub.RestartAsync();

        await using var back = await LinkClient.ConnectAsync(Hub);
        await back.HelloAsync("s1");
        Assert.Equal("r1", (await back.CommandAsync("permission.answer")).GetProperty("body").GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task A_closed_request_moves_to_the_completed_ones_and_the_list_follows()
    {
        await using var link = await AskingAsync();
        var asked = Assert.Single((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions").EnumerateArray());
        await link.AppendAsync(Facts.Answered("r1"));
        var session = (await Hub.GetAsync("/api/sessions/s1")).Body.GetProperty("session").GetProperty("agentState");
        var after = Assert.Single((await Hub.GetAsync("/api/sessions")).Body.GetProperty("sessions").EnumerateArray());

        Assert.Equal((1, "permission"), (asked.GetProperty("pendingRequestsCount").GetInt32(), asked.GetProperty("pendingRequestKinds")[0].GetString()));
        Assert.Equal("Bash", asked.GetProperty("pendingRequests")[0].GetProperty("tool").GetString());
        Assert.Equal("{}", session.GetProperty("requests").GetRawText());
        Assert.Equal(("approved", "Bash"), (session.GetProperty("completedRequests").GetProperty("r1").GetProperty("status").GetString(), session.GetProperty("completedRequests").GetProperty("r1").GetProperty("tool").GetString()));
        Assert.Equal(0, after.GetProperty("pendingRequestsCount").GetInt32());
    }

    [Theory]
    [InlineData("accepted", HttpStatusCode.OK, null)]
    [InlineData("refused", HttpStatusCode.Conflict, "not_supported")]
    public async Task A_setting_waits_briefly_for_the_process_to_agree(string outcome, HttpStatusCode status, string? code)
    {
        await using var link = await AskingAsync();

        var setting = Hub.PostAsync("/api/sessions/s1/model", new { model = "opus" });
        var command = await link.CommandAsync("config.set");
        await link.AppendAsync(outcome is "accepted" ? Facts.Accepted(command.GetProperty("id").GetString()!) : Facts.Refused(command.GetProperty("id").GetString()!, code!));
        var answer = await setting;

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal("""{"model":"opus","clearModel":false,"clearEffort":false}""", command.GetProperty("body").GetRawText());
    }

    [Theory]
    [InlineData("permission-mode", """{"mode":""}""")]
    [InlineData("permission-mode", "{}")]
    [InlineData("model", "{}")]
    [InlineData("model", """{"model":""}""")]
    [InlineData("model", """{"model":{"provider":"x"}}""")]
    [InlineData("model", """{"model":7}""")]
    [InlineData("effort", """{"effort":" "}""")]
    [InlineData("effort", "[]")]
    [InlineData("effort", "{}")]
    [InlineData("effort", """{"efort":"high"}""")]
    [InlineData("model", """{"model":"\ud83d"}""")]
    [InlineData("model", """{"model":{"modelId":"x"}}""")]
    [InlineData("model-reasoning-effort", "{}")]
    [InlineData("model-reasoning-effort", """{"modelReasoningEffort":""}""")]
    public async Task A_bad_setting_is_400(string route, string body)
    {
        await using var link = await AskingAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_body"), await CodeAsync(Hub.PostAsync($"/api/sessions/s1/{route}", body)));
    }

    [Theory]
    [InlineData("model", """{"model":null}""", """{"clearModel":true,"clearEffort":false}""")]
    [InlineData("effort", """{"effort":null}""", """{"clearModel":false,"clearEffort":true}""")]
    [InlineData("model-reasoning-effort", """{"modelReasoningEffort":null}""", """{"clearModel":false,"clearEffort":true}""")]
    [InlineData("model", """{"model":{"provider":"p","modelId":"m"}}""", """{"model":"m","clearModel":false,"clearEffort":false}""")]
    public async Task A_setting_may_be_the_agents_own_choice_again(string route, string body, string wanted)
    {
        await using var link = await AskingAsync();

        var setting = Hub.PostAsync($"/api/sessions/s1/{route}", body);
        var command = await link.CommandAsync("config.set");
        await link.AppendAsync(Facts.Accepted(command.GetProperty("id").GetString()!));

        Assert.Equal(HttpStatusCode.OK, (await setting).Status);
        Assert.Equal(wanted, command.GetProperty("body").GetRawText());
    }

    [Fact]
    public async Task An_abort_is_a_command()
    {
        await using var link = await AskingAsync();

        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/sessions/s1/abort")).Status);

        Assert.NotEmpty((await link.CommandAsync("abort")).GetProperty("body").GetProperty("reason").GetString()!);
    }

    private async Task<LinkClient> AskingAsync()
    {
        var link = await LinkClient.OpenAsync(Hub, "s1");
        await link.AppendAsync(Facts.Asks("r1"));
        return link;
    }

    private static async Task<(HttpStatusCode, string?)> CodeAsync(Task<Answer> asking)
    {
        var answer = await asking;
        return (answer.Status, answer.Code);
    }
}
