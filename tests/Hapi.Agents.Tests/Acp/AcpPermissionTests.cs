using System.Text.Json;
using Hapi.Agents.Acp;
using Hapi.Contracts;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>Permission requests on the wire.</summary>
public sealed class AcpPermissionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"7b5676b5-c78c\"")]
    [InlineData("1.5")]
    public async Task A_request_is_answered_under_its_own_id_whatever_that_is(string id)
    {
        await using var scripted = new ScriptedAgent((_, _) => Decide(Verdict.Approved));
        await scripted.OpenAsync();
        await scripted.PromptAsync();

        scripted.AskPermission(id, "c1");

        var answer = await scripted.Program.HearAsync();
        Assert.Equal(id, answer.GetProperty("id").GetRawText());
        Assert.Equal("y", Outcome(answer).Text("optionId"));
    }

    [Fact]
    public async Task Parallel_requests_are_asked_at_once_and_answered_in_any_order()
    {
        var (first, second) = (new TaskCompletionSource<PermissionDecision>(), new TaskCompletionSource<PermissionDecision>());
        await using var scripted = new ScriptedAgent((ask, _) => ask.Id == "c1" ? first.Task : second.Task);
        await scripted.OpenAsync();
        await scripted.PromptAsync();
        scripted.AskPermission("0", "c1");
        scripted.AskPermission("1", "c2");
        await Eventually.TrueAsync(() => scripted.Host.Asks.Count == 2, "both are asked", Token);

        second.SetResult(new PermissionDecision(Verdict.Denied));
        var answer = await scripted.Program.HearAsync();
        Assert.Equal((1, "n"), (answer.GetProperty("id").GetInt32(), Outcome(answer).Text("optionId")));

        first.SetResult(new PermissionDecision(Verdict.Approved));
        answer = await scripted.Program.HearAsync();
        Assert.Equal((0, "y"), (answer.GetProperty("id").GetInt32(), Outcome(answer).Text("optionId")));
    }

    [Fact]
    public async Task Stop_tells_the_agent_first_and_answers_its_question_then()
    {
        await using var scripted = new ScriptedAgent(NeverAsync);
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();
        scripted.AskPermission("0", "c1");
        await Eventually.TrueAsync(() => scripted.Host.Asks.Count == 1, "it is asked", Token);

        await scripted.Agent.AbortAsync(Token);

        await scripted.Program.HearAsync("session/cancel");
        Assert.Equal("cancelled", Outcome(await scripted.Program.HearAsync()).Text("outcome"));

        // What is asked after that nobody is asked.
        scripted.AskPermission("1", "c2");
        Assert.Equal("cancelled", Outcome(await scripted.Program.HearAsync()).Text("outcome"));
        Assert.Single(scripted.Host.Asks);
        Assert.Equal(TurnEnd.Aborted, (await scripted.EndAsync(turn, prompt, """{"stopReason":"cancelled"}""")).End);
    }

    [Fact]
    public async Task A_decision_to_abort_stops_the_turn()
    {
        await using var scripted = new ScriptedAgent((_, _) => Decide(Verdict.Abort));
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();

        scripted.AskPermission("0", "c1");

        await scripted.Program.HearAsync("session/cancel");
        Assert.Equal("cancelled", Outcome(await scripted.Program.HearAsync()).Text("outcome"));
        Assert.Equal(TurnEnd.Aborted, (await scripted.EndAsync(turn, prompt)).End);
    }

    [Fact]
    public async Task A_question_still_open_when_the_turn_ends_is_withdrawn()
    {
        await using var scripted = new ScriptedAgent(NeverAsync);
        await scripted.OpenAsync();
        var (turn, prompt) = await scripted.PromptAsync();
        scripted.AskPermission("0", "c1");
        await Eventually.TrueAsync(() => scripted.Host.Asks.Count == 1, "it is asked", Token);

        Assert.Equal(TurnEnd.Completed, (await scripted.EndAsync(turn, prompt)).End);

        Assert.Equal("cancelled", Outcome(await scripted.Program.HearAsync()).Text("outcome"));
        Assert.Contains("ask withdrawn c1", scripted.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_asked_about_twice_is_two_questions()
    {
        await using var scripted = new ScriptedAgent((_, _) => Decide(Verdict.Approved));
        await scripted.OpenAsync();
        await scripted.PromptAsync();

        scripted.AskPermission("0", "c1");
        await scripted.Program.HearAsync();
        scripted.AskPermission("1", "c1");
        await scripted.Program.HearAsync();

        Assert.Equal(["c1", "c1#2"], scripted.Host.Asks.Select(ask => ask.Id));
    }

    [Fact]
    public async Task A_changed_input_is_never_answered_by_running_the_old_one()
    {
        await using var scripted = new ScriptedAgent((_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, UpdatedInput: RawJson.Parse("""{"command":"ls -l"}"""))));
        await scripted.OpenAsync();
        await scripted.PromptAsync();

        scripted.AskPermission("0", "c1");

        Assert.Equal("n", Outcome(await scripted.Program.HearAsync()).Text("optionId"));
        Assert.Contains("changed input", Assert.Single(scripted.Host.All<Noted>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mode_to_go_on_with_is_set_before_a_plan_is_approved()
    {
        await using var scripted = new ScriptedAgent((_, _) => Task.FromResult(new PermissionDecision(Verdict.Approved, Mode: "auto")));
        await scripted.OpenAsync(opened: """{"sessionId":"s1","modes":{"currentModeId":"plan","availableModes":[{"id":"plan","name":"Plan"},{"id":"auto","name":"Auto"}]}}""");
        await scripted.PromptAsync();

        scripted.AskPermission("0", "c1");

        var change = await scripted.Program.HearAsync("session/set_mode");
        Assert.Equal("auto", change.GetProperty("params").Text("modeId"));
        scripted.Program.Answer(change, "{}");
        Assert.Equal("y", Outcome(await scripted.Program.HearAsync()).Text("optionId"));
    }

    [Theory]
    [InlineData("fs/read_text_file")]
    [InlineData("terminal/create")]
    [InlineData("craft/drainMidTurnQueue")]
    public async Task What_is_not_offered_is_refused(string method)
    {
        await using var scripted = new ScriptedAgent();
        await scripted.OpenAsync();

        scripted.Program.Say($$$"""{"jsonrpc":"2.0","id":0,"method":"{{{method}}}","params":{}}""");

        Assert.Equal(-32601, (await scripted.Program.HearAsync()).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_request_without_a_call_or_options_grants_nothing()
    {
        await using var scripted = new ScriptedAgent((_, _) => Decide(Verdict.Approved));
        await scripted.OpenAsync();
        await scripted.PromptAsync();

        scripted.Program.Say("""{"jsonrpc":"2.0","id":0,"method":"session/request_permission","params":{"toolCall":[],"options":{"optionId":"y"}}}""");

        Assert.Equal("cancelled", Outcome(await scripted.Program.HearAsync()).Text("outcome"));
    }

    private static Task<PermissionDecision> Decide(Verdict verdict) => Task.FromResult(new PermissionDecision(verdict));

    private static async Task<PermissionDecision> NeverAsync(PermissionAsk ask, CancellationToken withdrawn)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, withdrawn);
        throw new InvalidOperationException("An infinite wait has ended.");
    }

    private static JsonElement Outcome(JsonElement answer) => answer.GetProperty("result").GetProperty("outcome");
}
