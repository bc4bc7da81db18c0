using System.Text.Json;
using Hapi.Agents.Claude;
using Hapi.Contracts;

namespace Hapi.Agents.Tests.Claude;

public sealed class ClaudeDecisionsTests
{
    private const string Shell = """{"tool_name":"Bash","input":{"command":"git push","description":"Push"},"permission_suggestions":[{"type":"addRules","rules":[{"toolName":"Bash","ruleContent":"git push *"}],"behavior":"allow","destination":"localSettings"}]}""";
    private const string Write = """{"tool_name":"Write","input":{"file_path":"a"},"permission_suggestions":[{"type":"setMode","mode":"acceptEdits","destination":"session"}]}""";
    private const string Fetch = """{"tool_name":"WebFetch","input":{"url":"x"}}""";
    private const string Question = """{"tool_name":"AskUserQuestion","input":{"questions":[{"question":"Which colour?","header":"Colour"},{"question":"Which size?","header":"Size","multiSelect":true}]}}""";
    private const string Plan = """{"tool_name":"ExitPlanMode","input":{}}""";
    private readonly ClaudeAllowList _allowed = new();

    [Fact]
    public void Allowed_means_the_input_as_it_was() =>
        Assert.Equal("""{"behavior":"allow","updatedInput":{"command":"git push","description":"Push"}}""", Response(Shell, new(Verdict.Approved)));

    [Fact]
    public void A_person_may_change_the_input() => Assert.Equal(
        """{"behavior":"allow","updatedInput":{"command":"git push --dry-run"}}""",
        Response(Shell, new(Verdict.Approved, UpdatedInput: RawJson.Parse("""{"command":"git push --dry-run"}"""))));

    [Fact]
    public void A_refusal_carries_the_reason_and_without_one_tells_the_agent_to_wait()
    {
        Assert.Equal("""{"behavior":"deny","message":"Not on Fridays"}""", Response(Shell, new(Verdict.Denied, "Not on Fridays")));
        Assert.Contains("STOP what you are doing", Response(Shell, new(Verdict.Denied)), StringComparison.Ordinal);
        Assert.EndsWith("\"interrupt\":true}", Response(Shell, new(Verdict.Abort)), StringComparison.Ordinal);
    }

    [Fact]
    public void For_the_session_takes_the_suggestions_but_writes_no_settings()
    {
        Assert.Equal(
            """{"behavior":"allow","updatedInput":{"command":"git push","description":"Push"},"updatedPermissions":[{"type":"addRules","rules":[{"toolName":"Bash","ruleContent":"git push *"}],"behavior":"allow","destination":"session"},{"type":"addRules","rules":[{"toolName":"Bash","ruleContent":"git push"}],"behavior":"allow","destination":"session"}]}""",
            Response(Shell, new(Verdict.ApprovedForSession)));
        Assert.True(Covers(Shell));
        Assert.Contains("\"setMode\"", Response(Write, new(Verdict.ApprovedForSession)), StringComparison.Ordinal);
        Assert.False(Covers(Write), "a suggestion is Claude Code's to keep");
        Assert.Contains("""{"toolName":"WebFetch"}""", Response(Fetch, new(Verdict.ApprovedForSession)), StringComparison.Ordinal);
        Assert.True(Covers(Fetch));
    }

    [Fact]
    public void Named_tools_are_remembered_literally()
    {
        Response(Shell, new(Verdict.Approved, AllowTools: ["Bash(git push)", "Edit"]));
        Assert.True(Covers(Shell));
        Assert.True(Covers("""{"tool_name":"Edit","input":{}}"""));
        Assert.False(Covers("""{"tool_name":"Bash","input":{"command":"git push && rm -rf ~"}}"""));
        Assert.False(Covers(Write));
    }

    [Fact]
    public void A_prefix_is_left_to_rules_that_know_where_a_command_ends()
    {
        Assert.Contains("""{"toolName":"Bash","ruleContent":"git:*"}""", Response(Shell, new(Verdict.Approved, AllowTools: ["Bash(git:*)"])), StringComparison.Ordinal);
        Assert.False(Covers("""{"tool_name":"Bash","input":{"command":"git:*"}}"""));
        Assert.False(Covers(Shell));
    }

    [Fact]
    public void What_is_asked_of_a_person_is_never_remembered()
    {
        Response(Question, new(Verdict.ApprovedForSession, Answers: RawJson.Parse("""{"0":["Red"]}"""), AllowTools: ["AskUserQuestion", "ExitPlanMode"]));
        Response(Plan, new(Verdict.ApprovedForSession));
        Assert.False(Covers(Question));
        Assert.False(Covers(Plan));
    }

    [Fact]
    public void A_new_conversation_has_been_allowed_nothing()
    {
        Response(Shell, new(Verdict.Approved, AllowTools: ["Bash(git push)"]));
        _allowed.Clear();
        Assert.False(Covers(Shell));
    }

    [Fact]
    public void A_plan_is_approved_with_the_mode_to_go_on_in() => Assert.Equal(
        """{"behavior":"allow","updatedInput":{},"updatedPermissions":[{"type":"setMode","mode":"acceptEdits","destination":"session"}]}""",
        Response(Plan, new(Verdict.Approved, Mode: "acceptEdits")));

    [Fact]
    public void A_mode_that_cannot_be_is_not_asked_for()
    {
        Assert.DoesNotContain("setMode", Response(Plan, new(Verdict.Approved, Mode: "bypassPermissions")), StringComparison.Ordinal);
        Assert.DoesNotContain("setMode", Response(Plan, new(Verdict.Approved, Mode: "yolo")), StringComparison.Ordinal);
        Assert.Contains("setMode", Response(Plan, new(Verdict.Approved, Mode: "bypassPermissions"), allowsBypass: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"0":["Red"],"1":["S","M"]}""")]
    [InlineData("""{"Colour":"Red","Size":{"answers":["S","M"]}}""")]
    [InlineData("""{"Which colour?":["Red"],"Which size?":["S","M",""],"9":["lost"],"nobody":["lost"]}""")]
    public void Answers_reach_the_agent_under_the_text_of_the_question(string answers) => Assert.Contains(
        "\"answers\":{\"Which colour?\":\"Red\",\"Which size?\":\"S, M\"}", Response(Question, new(Verdict.Approved, Answers: RawJson.Parse(answers))), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"0":[]}""")]
    [InlineData("""["Red"]""")]
    public void No_answer_is_a_refusal(string? answers) =>
        Assert.StartsWith("""{"behavior":"deny",""", Response(Question, new(Verdict.Approved, Answers: answers is null ? null : RawJson.Parse(answers))), StringComparison.Ordinal);

    private string Response(string request, PermissionDecision decision, bool allowsBypass = false) =>
        new ClaudeDecisions(_allowed, allowsBypass).Response(JsonElement.Parse(request), decision).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private bool Covers(string request)
    {
        var parsed = JsonElement.Parse(request);
        return _allowed.Covers(parsed.Text("tool_name")!, parsed.At("input"));
    }
}
