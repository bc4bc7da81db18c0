using Hapi.Agents.Acp;
using Hapi.Contracts;

namespace Hapi.Agents.Tests.Acp;

public sealed class PermissionAnswerTests
{
    private static readonly PermissionOption s_once = new("x1", "Allow", "allow_once"), s_always = new("x2", "Always", "allow_always"),
        s_no = new("x3", "No", "reject_once"), s_never = new("x4", "Never", "reject_always");

    [Theory]
    [InlineData(Verdict.Approved, "x1")]
    [InlineData(Verdict.ApprovedForSession, "x2")]
    [InlineData(Verdict.Denied, "x3")]
    [InlineData(Verdict.Abort, null)]
    public void A_verdict_chooses_by_kind_whatever_the_order(Verdict verdict, string? expected)
    {
        Assert.Equal(expected, Choose(verdict, s_never, s_always, s_no, s_once).OptionId);
        Assert.Equal(expected, Choose(verdict, s_once, s_no, s_always, s_never).OptionId);
    }

    [Theory]
    [InlineData(Verdict.Approved)]
    [InlineData(Verdict.ApprovedForSession)]
    public void A_grant_takes_the_other_grant_when_its_own_is_not_offered(Verdict verdict)
    {
        Assert.Equal("x1", Choose(verdict, s_no, s_once).OptionId);
        Assert.Equal("x2", Choose(verdict, s_no, s_always).OptionId);
    }

    [Fact]
    public void A_denial_that_is_not_offered_is_cancelled_and_never_a_grant()
    {
        Assert.Equal("x4", Choose(Verdict.Denied, s_once, s_never).OptionId);
        Assert.Null(Choose(Verdict.Denied, s_once, s_always).OptionId);
        Assert.Null(Choose(Verdict.Denied).OptionId);
    }

    [Fact]
    public void A_grant_is_never_guessed_from_a_kind_that_nobody_knows()
    {
        Assert.Null(Choose(Verdict.Approved, new PermissionOption("allow_once", "Allow", "grant"), s_no).OptionId);
        Assert.Null(Choose(Verdict.Approved, new PermissionOption("allow", "Allow", "")).OptionId);
    }

    [Fact]
    public void Of_several_lasting_grants_the_narrowest_is_taken()
    {
        // Gemini, for a tool of an MCP server.
        Assert.Equal("proceed_always_tool", Choose(
            Verdict.ApprovedForSession,
            new("proceed_always_server", "Allow all server tools for this session", "allow_always"),
            new("proceed_always_tool", "Allow tool for this session", "allow_always"),
            s_once).OptionId);

        // codex-acp.
        Assert.Equal("approved-for-session", Choose(
            Verdict.ApprovedForSession, new("approved-always", "Allow and don't ask again", "allow_always"), new("approved-for-session", "Allow for this session", "allow_always")).OptionId);
    }

    [Fact]
    public void The_mode_to_go_on_with_chooses_among_grants_only()
    {
        PermissionOption[] offered = [new("acceptEdits", "Yes, and accept edits", "allow_always"), new("default", "Yes", "allow_once"), new("plan", "Keep planning", "reject_once")];

        Assert.Equal("acceptEdits", PermissionAnswer.Choose(new(Verdict.Approved, Mode: "acceptEdits"), offered, false).OptionId);
        Assert.Equal("default", PermissionAnswer.Choose(new(Verdict.Approved, Mode: "plan"), offered, false).OptionId);
        Assert.Equal("plan", PermissionAnswer.Choose(new(Verdict.Denied, Mode: "acceptEdits"), offered, false).OptionId);
    }

    [Fact]
    public void Answers_and_reasons_go_only_to_an_agent_that_takes_them()
    {
        var decision = new PermissionDecision(Verdict.Approved, "because", Answers: RawJson.Parse("{}"));

        Assert.Equal("{\"outcome\":{\"outcome\":\"selected\",\"optionId\":\"x1\"}}", Text(PermissionAnswer.Choose(decision, [s_once], knowsHapi: false)));
        Assert.Equal(
            "{\"outcome\":{\"outcome\":\"selected\",\"optionId\":\"x1\"},\"_meta\":{\"hapi\":{\"answers\":{},\"reason\":\"because\"}}}",
            Text(PermissionAnswer.Choose(decision, [s_once], knowsHapi: true)));
        Assert.Equal("{\"outcome\":{\"outcome\":\"cancelled\"}}", Text(PermissionAnswer.Cancelled));
    }

    private static PermissionAnswer Choose(Verdict verdict, params PermissionOption[] options) => PermissionAnswer.Choose(new PermissionDecision(verdict), options, false);

    private static string Text(PermissionAnswer answer) => System.Text.Encoding.UTF8.GetString(AcpMessages.Outcome(answer).Span);
}
