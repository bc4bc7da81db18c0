using System.Text.Json;
using Hapi.Agents.Acp.Updates;

namespace Hapi.Agents.Tests.Acp.Updates;

public sealed class UpdateTranslatorTests
{
    private readonly UpdateTranslator _translator;

    public UpdateTranslatorTests()
    {
        var next = 0;
        _translator = new UpdateTranslator(() => $"t{++next}", new TurnUsage(continued: false)) { IsOpen = true };
    }

    [Fact]
    public void A_text_settles_when_the_agent_goes_on_to_something_else()
    {
        Assert.Empty(Apply("""{"sessionUpdate":"agent_thought_chunk","content":{"type":"text","text":"Hm"}}"""));
        Assert.Equal(new ReasoningSettled("t1", "Hm"), Assert.Single(Apply("""{"sessionUpdate":"agent_message_chunk","messageId":"m1","content":{"type":"text","text":"One"}}""")));
        Assert.Empty(Apply("""{"sessionUpdate":"agent_message_chunk","messageId":"m1","content":{"type":"text","text":" more"}}"""));
        Assert.Equal(new TextSettled("t2", "One more"), Assert.Single(Apply("""{"sessionUpdate":"agent_message_chunk","messageId":"m2","content":{"type":"text","text":"Two"}}""")));
        Assert.Equal(new TextSettled("t3", "Two"), Apply("""{"sessionUpdate":"plan","entries":[{"content":"x","status":"done","priority":"urgent"}]}""")[0]);
        Assert.Empty(Events(_translator.SettleText()));
    }

    [Fact]
    public void Blank_texts_are_nothing()
    {
        Apply("""{"sessionUpdate":"agent_thought_chunk","content":{"type":"text","text":"\n\n"}}""");
        Assert.Empty(Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"  "}}"""));
        Assert.Empty(Events(_translator.EndTurn(null, "", false)));
    }

    [Fact]
    public void A_chunk_that_repeats_everything_before_it_replaces_it_and_a_short_repetition_is_kept()
    {
        Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"ha"}}""");
        Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"ha"}}""");
        Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"! A sentence of some length"}}""");
        Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"haha! A sentence of some length, sent anew."}}""");

        Assert.Equal("haha! A sentence of some length, sent anew.", Assert.IsType<TextSettled>(Assert.Single(Events(_translator.SettleText()))).Text);
    }

    [Fact]
    public void An_input_that_streams_in_pieces_is_shown_when_it_is_whole_or_the_call_takes_long()
    {
        Assert.Empty(Apply("""{"sessionUpdate":"tool_call","toolCallId":"c","title":"Write","kind":"edit","status":"pending","rawInput":{}}"""));
        Assert.Equal(TimeSpan.FromMilliseconds(400), _translator.WaitForCalls);
        Assert.Equal("{}", Assert.IsType<ToolCalled>(Assert.Single(Events(_translator.ShowChangedCalls()))).Input.ToString());
        Assert.Null(_translator.WaitForCalls);

        Assert.Empty(Apply("""{"sessionUpdate":"tool_call_update","toolCallId":"c","rawInput":{"file_path":"a"}}"""));
        Assert.Equal(TimeSpan.FromMilliseconds(800), _translator.WaitForCalls);
        Assert.Empty(Apply("""{"sessionUpdate":"tool_call_update","toolCallId":"c","rawInput":{"file_path":"a","content":"b"}}"""));

        Assert.Collection(
            Apply("""{"sessionUpdate":"tool_call_update","toolCallId":"c","status":"completed","rawOutput":"done"}"""),
            e => Assert.Equal("""{"file_path":"a","content":"b"}""", Assert.IsType<ToolCalled>(e).Input.ToString()),
            e => Assert.Equal(("\"done\"", false), (Assert.IsType<ToolReturned>(e).Output.ToString(), ((ToolReturned)e).IsError)));
    }

    [Fact]
    public void A_title_that_changes_with_every_step_makes_no_new_rows()
    {
        Assert.Single(Apply("""{"sessionUpdate":"tool_call","toolCallId":"c","title":"bash","kind":"execute","rawInput":{"command":"ls"}}"""));
        Apply("""{"sessionUpdate":"tool_call_update","toolCallId":"c","title":"Running ls (1 s)"}""");

        Assert.Empty(Events(_translator.ShowChangedCalls()));
    }

    [Theory]
    [InlineData("""{"title":"Edit a","kind":"edit","content":[{"type":"diff","path":"a","oldText":"x","newText":"y"}]}""", "Edit", """{"file_path":"a","old_string":"x","new_string":"y"}""")]
    [InlineData("""{"title":"New a","kind":"edit","content":[{"type":"diff","path":"a","newText":"y"}]}""", "Write", """{"file_path":"a","content":"y"}""")]
    [InlineData("""{"title":"Two files","kind":"edit","content":[{"type":"diff","path":"a","newText":"y"},{"type":"diff","path":"b","oldText":"1","newText":"2"}]}""", "Edit", """{"edits":[{"file_path":"a","content":"y"},{"file_path":"b","old_string":"1","new_string":"2"}]}""")]
    [InlineData("""{"title":"Read b.txt","kind":"read","locations":[{"path":"/b.txt"}]}""", "Read", """{"file_path":"/b.txt"}""")]
    [InlineData("""{"title":"needle","kind":"search"}""", "needle", "{}")]
    [InlineData("""{"title":"for needle","kind":"search"}""", "Search", """{"pattern":"for needle"}""")]
    [InlineData("""{"title":"Shell: ls -l","kind":"execute"}""", "Bash", """{"command":"ls -l"}""")]
    [InlineData("""{"title":"x","kind":"execute","rawInput":{"command":["/bin/bash","-lc","a b"],"cwd":"/"}}""", "x", """{"command":"a b","cwd":"/"}""")]
    [InlineData("""{"title":"x y","kind":"execute","rawInput":{"command":["git","commit","-m","a b"]}}""", "Bash", """{"command":"git commit -m 'a b'"}""")]
    [InlineData("""{"title":"Do it","_meta":{"claudeCode":{"toolName":"Skill"}},"rawInput":["odd"]}""", "Skill", """["odd"]""")]
    [InlineData("""{"kind":"other"}""", "Tool", "{}")]
    public void A_call_gets_a_name_and_an_input_that_can_be_read(string call, string name, string input)
    {
        var members = call[1..^1];
        var events = Apply($$"""{"sessionUpdate":"tool_call","toolCallId":"c","status":"completed",{{members}}}""");

        var shown = Assert.IsType<ToolCalled>(events[0]);
        Assert.Equal((name, input), (shown.Name, shown.Input.ToString()));
    }

    [Theory]
    [InlineData("\"rawOutput\":\"text\"", "\"text\"")]
    [InlineData("\"rawOutput\":{\"output\":\"a\",\"metadata\":{}}", "\"a\"")]
    [InlineData("\"rawOutput\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}", "\"a\\nb\"")]
    [InlineData("\"rawOutput\":{\"rows\":[1,2]}", "{\"rows\":[1,2]}")]
    [InlineData("\"rawOutput\":{\"rows\":[1,2]},\"content\":[{\"type\":\"content\",\"content\":{\"type\":\"text\",\"text\":\"two rows\"}}]", "\"two rows\"")]
    [InlineData("\"content\":[{\"type\":\"content\",\"content\":{\"type\":\"text\",\"text\":\"ü \\\"q\\\"\"}}]", "\"ü \\\"q\\\"\"")]
    [InlineData("\"rawOutput\":null", "\"\"")]
    public void A_result_is_its_text_where_there_is_one(string output, string expected)
    {
        var events = Apply($$"""{"sessionUpdate":"tool_call","toolCallId":"c","title":"x","status":"failed",{{output}}}""");

        var result = Assert.IsType<ToolReturned>(events[^1]);
        Assert.Equal((expected, true), (result.Output.ToString(), result.IsError));
    }

    [Fact]
    public void A_call_that_never_returns_is_ended_with_the_turn()
    {
        Apply("""{"sessionUpdate":"tool_call","toolCallId":"a","title":"x","rawInput":{"command":"1"}}""");
        Apply("""{"sessionUpdate":"tool_call","toolCallId":"b","title":"y","rawInput":{}}""");

        var events = Events(_translator.EndTurn(null, "Stopped.", true));

        Assert.Equal(["a", "b"], events.OfType<ToolReturned>().Select(result => result.CallId));
        Assert.Equal("b", Assert.Single(events.OfType<ToolCalled>()).CallId);
        Assert.All(events.OfType<ToolReturned>(), result => Assert.Equal(("\"Stopped.\"", true), (result.Output.ToString(), result.IsError)));
    }

    [Fact]
    public void What_is_asked_wins_over_what_was_announced()
    {
        Apply("""{"sessionUpdate":"tool_call","toolCallId":"c","title":"bash","kind":"execute","rawInput":{"command":"ls","why":"to look"}}""");

        var (call, _) = _translator.Asked("c", JsonElement.Parse("""{"toolCallId":"c","title":"bash","rawInput":{"command":"rm -rf x"}}"""));

        Assert.Equal("""{"command":"rm -rf x","why":"to look"}""", call.Input().ToString());
    }

    [Fact]
    public void Tokens_of_a_turn_are_counted_once_and_costs_are_what_the_turn_added()
    {
        Apply("""{"sessionUpdate":"usage_update","used":100,"size":1000,"cost":{"amount":0.5,"currency":"USD"}}""");
        var first = Assert.IsType<UsageCounted>(Assert.Single(Events(_translator.EndTurn(
            JsonElement.Parse("""{"usage":{"inputTokens":10,"outputTokens":5,"cachedReadTokens":80,"cachedWriteTokens":10,"totalTokens":105}}"""), "", false))));
        Assert.Equal(new UsageCounted(null, 100, 5, 80, 10, 100, 1000, 0.5m), first);

        Apply("""{"sessionUpdate":"usage_update","used":120,"size":1000,"cost":{"amount":0.75,"currency":"USD"}}""");
        Assert.Equal(0.25m, Assert.IsType<UsageCounted>(Assert.Single(Events(_translator.EndTurn(null, "", false)))).CostUsd);
        Assert.Empty(Events(_translator.EndTurn(null, "", false)));
    }

    [Fact]
    public void Gemini_tells_a_new_mode_as_text()
    {
        Apply("""{"sessionUpdate":"x","modes":{"currentModeId":"default","availableModes":[{"id":"default","name":"Default"},{"id":"autoEdit","name":"Auto Edit"}]}}""");

        Assert.Equal(new ConfigChanged("autoEdit", null, null), Assert.Single(Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"[MODE_UPDATE] autoEdit"}}""")));
        Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"[MODE_UPDATE] nonsense"}}""");
        Assert.Single(Events(_translator.SettleText()));
    }

    private List<AgentEvent> Apply(string update) => Events(_translator.Apply(JsonElement.Parse(update)));

    private static List<AgentEvent> Events(IEnumerable<UpdateOutput> outputs) => [.. outputs.OfType<Settled>().Select(settled => settled.Event)];
}
