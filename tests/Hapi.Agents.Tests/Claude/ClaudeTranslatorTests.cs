using Hapi.Agents.Claude;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

/// <summary>What no recording holds.</summary>
public sealed class ClaudeTranslatorTests
{
    private readonly ClaudeTranslator _translator = new(mode: "default");

    [Theory]
    [InlineData("""{"type":"keep_alive"}""")]
    [InlineData("""{"type":"system","subtype":"not_invented_yet","text":"x"}""")]
    [InlineData("""{"no":"type"}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"assistant","message":"not an object"}""")]
    [InlineData("""{"type":"assistant","message":{"content":[null,3,{"type":"hologram"}]}}""")]
    [InlineData("""{"type":"user","message":{"content":"only text"}}""")]
    [InlineData("""{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lost"}}}""")]
    [InlineData("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","resetsAt":1}}""")]
    public void A_line_of_an_unknown_kind_means_nothing(string line) => Assert.Equal("", Replay.Lines(_translator, line));

    [Fact]
    public void A_limit_is_told_once_and_told_again_when_it_changes() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":1795341187,"rateLimitType":"five_hour","utilization":0.91}}""",
        """{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":1795341187,"rateLimitType":"five_hour","utilization":0.92}}""",
        """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795341187000,"rateLimitType":"five_hour"}}""",
        """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected"}}"""));

    [Fact]
    public void Notices_of_the_session_are_lines_between_the_messages() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"system","subtype":"status","status":"compacting"}""",
        """{"type":"system","subtype":"compact_boundary","compact_metadata":{"trigger":"auto","pre_tokens":181234}}""",
        """{"type":"system","subtype":"api_retry","attempt":2,"max_retries":10,"retry_delay_ms":1100,"error_status":null,"error":"server_error"}""",
        """{"type":"system","subtype":"session_title_changed","title":"Repair the fence"}""",
        """{"type":"system","subtype":"model_fallback","content":"Switched to Sonnet because Opus is overloaded"}""",
        """{"type":"system","subtype":"local_command_output","uuid":"u1","content":"Total cost: $0.10"}""",
        """{"type":"system","subtype":"informational","level":"warning","content":"A hook stopped the turn"}""",
        """{"type":"system","subtype":"status","status":null,"permissionMode":"manual"}""",
        """{"type":"system","subtype":"status","status":null,"permissionMode":"plan"}"""));

    [Fact]
    public void A_sub_agent_in_the_foreground_ends_with_its_call() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Task","input":{"prompt":"Look"}}]}}""",
        """{"type":"assistant","parent_tool_use_id":"t1","task_description":"Look around","message":{"id":"m2","content":[{"type":"tool_use","id":"t2","name":"Task","input":{"prompt":"Deeper"}}]}}""",
        """{"type":"system","subtype":"task_started","task_type":"local_agent","tool_use_id":"t2","description":"Dig"}""",
        """{"type":"system","subtype":"task_progress","tool_use_id":"t2","description":"Reading","last_tool_name":"Read"}""",
        """{"type":"assistant","parent_tool_use_id":"t2","is_api_error_message":true,"message":{"id":"m3","content":[{"type":"text","text":"API Error: 500"}]}}""",
        """{"type":"user","parent_tool_use_id":"t1","message":{"content":[{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"It failed"}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"Seen"},{"type":"text","text":"enough"}]}]}}""",
        """{"type":"system","subtype":"task_notification","tool_use_id":"t1","status":"completed","summary":"again"}"""));

    [Fact]
    public void A_shell_in_the_background_is_no_sub_agent() => Assert.Equal("", Replay.Lines(
        _translator,
        """{"type":"system","subtype":"task_started","task_type":"local_bash","tool_use_id":"t1","description":"Build"}""",
        """{"type":"system","subtype":"task_notification","tool_use_id":"t1","status":"stopped","summary":"Build"}"""));

    [Fact]
    public void A_stream_that_does_not_settle_is_ended() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m1"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_start","index":0,"content_block":{"type":"thinking"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}}""",
        """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m2"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_start","index":0,"content_block":{"type":"text"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Wel"}}}""",
        """{"is_error":true,"subtype":"error_during_execution","terminal_reason":"aborted_streaming","type":"result"}"""));

    [Fact]
    public void A_settled_text_has_the_id_of_its_stream_whatever_else_the_message_holds() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m1"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_start","index":1,"content_block":{"type":"text"}}}""",
        """{"type":"stream_event","event":{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Two"}}}""",
        """{"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"Two at once."}]}}""",
        """{"type":"stream_event","event":{"type":"content_block_start","index":2,"content_block":{"type":"tool_use"}}}""",
        """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"a"}}]}}""",
        """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t2","name":"Bash","input":{"command":"b"}}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t2","content":"B"}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"A"}]}}"""));

    [Fact]
    public void A_result_says_what_a_person_can_read() => Golden.Matches(Replay.Lines(
        _translator,
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t9","content":"of a call nobody saw"}]}}""",
        """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Read","input":{"file_path":"a.png"}}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"Here"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}}""",
        """{"type":"assistant","message":{"id":"m2","content":[{"type":"server_tool_use","id":"t2","name":"web_search","input":{"query":"x"}},{"type":"web_search_tool_result","tool_use_id":"t2","content":[{"title":"X"}]}]}}""",
        """{"type":"assistant","message":{"id":"m3","content":[{"type":"tool_use","id":"t3","name":"Bash","input":{"command":"sleep 9"}}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t3","is_error":true,"content":"<tool_use_error>Blocked: \"sleep\"</tool_use_error>"}]}}"""));

    [Fact]
    public void Only_a_change_of_model_that_nobody_chose_is_told()
    {
        const string Opus = """{"type":"system","subtype":"init","model":"opus"}""", Haiku = """{"type":"system","subtype":"init","model":"haiku"}""";
        Assert.DoesNotContain("ConfigChanged", Replay.Lines(_translator, Opus), StringComparison.Ordinal);
        _translator.Notices.ModelChosen();
        Assert.DoesNotContain("ConfigChanged", Replay.Lines(_translator, Haiku), StringComparison.Ordinal);
        Assert.Contains("Model = opus", Replay.Lines(_translator, Opus), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_the_session_chose_comes_back_as_no_news()
    {
        _translator.Notices.ModeChosen("plan");
        Assert.Equal("", Replay.Lines(_translator, """{"type":"system","subtype":"status","permissionMode":"plan"}"""));
    }

    [Theory]
    [InlineData("""{"is_error":true,"subtype":"error_max_turns"}""", TurnEnd.Failed, "limit of turns")]
    [InlineData("""{"is_error":true,"subtype":"success","result":"Not logged in · Please run /login"}""", TurnEnd.Failed, "ANTHROPIC_API_KEY")]
    [InlineData("""{"is_error":true,"subtype":"error_during_execution","errors":["[ede_diagnostic] x"]}""", TurnEnd.Failed, "did not say why")]
    [InlineData("""{"is_error":true,"subtype":"error_during_execution","errors":["Disk full"]}""", TurnEnd.Failed, "Disk full")]
    [InlineData("""{"is_error":false,"subtype":"success"}""", TurnEnd.Completed, null)]
    public void Whether_a_turn_failed_stands_in_is_error_alone(string result, TurnEnd end, string? says)
    {
        var outcome = ClaudeOutcome.Of(System.Text.Json.JsonElement.Parse(result), interrupted: false, lastError: null);
        Assert.Equal(end, outcome.End);
        Assert.Contains(says ?? "", outcome.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_gives_no_reason_has_still_said_that_the_user_interrupted_it() => Assert.Contains("End = Aborted", Replay.Lines(
        _translator,
        """{"type":"user","message":{"content":[{"type":"text","text":"[Request interrupted by user for tool use]"}]}}""",
        """{"type":"result","subtype":"error_during_execution","is_error":true}"""), StringComparison.Ordinal);

    [Fact]
    public void What_is_open_when_the_program_dies_is_closed()
    {
        Replay.Lines(
            _translator,
            """{"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Task","input":{}}]}}""",
            """{"type":"system","subtype":"task_started","tool_use_id":"t1","description":"Look"}""",
            """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m2"}}}""",
            """{"type":"stream_event","event":{"type":"content_block_start","index":0,"content_block":{"type":"text"}}}""",
            """{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Wel"}}}""");
        Golden.Matches(Replay.Describe(_translator.Abandon("It died.")));
    }
}
