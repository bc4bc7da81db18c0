using System.Globalization;
using Hapi.Agents.Events;
using Hapi.Contracts;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Events;

public sealed class GenericFamilyTests
{
    private readonly GenericFamily _family;

    public GenericFamilyTests()
    {
        var next = 0;
        _family = new GenericFamily(new StoppedClock(), () => $"id-{(++next).ToString(CultureInfo.InvariantCulture)}");
    }

    [Fact]
    public void Every_event_has_its_shape()
    {
        AgentEvent[] events =
        [
            new TextSettled("msg_1:0", "Done. <b>„ü”</b> 🙂"),
            new ReasoningSettled("msg_1:1", "Look first."),
            new ToolCalled("call_1", "Bash", RawJson.Parse("""{"command":"ls"}""")),
            new ToolCalled("call_1", "Bash", RawJson.Parse("""{"command":"ls"}"""), "in_progress", "List files", "execute"),
            new ToolReturned("call_1", RawJson.Parse("\"README.md\""), false),
            new ToolReturned("call_1", default, true),
            new PlanChanged([new("Reproduce", "high", "completed"), new("Fix", "medium", "in_progress")]),
            new UsageCounted("model-x", 9100, 300, 8000, 100, 9200, 200_000, 0.0125m),
            new UsageCounted(null, 1, 2, 0, 0, null, null),
            new ImageMade("5d", "chart.png", "image/png", "/tmp/chart.png", "call_1"),
            new RunStarted("call_9", RawJson.Parse("""{"prompt":"Survey docs"}"""), "Survey docs"),
            new RunUpdated("call_9", "running", "Reading"),
            new RunUpdated("call_9", "completed", Result: "3 files"),
            new RunUpdated("call_9", "failed", Error: "No such folder"),
            new ErrorReported("The service refused the request."),
            new Noted("Context was reset"),
            new RetryAnnounced(2, 10, 1500, "Overloaded"),
            new UsageLimit(true, DateTimeOffset.FromUnixTimeSeconds(1_760_000_000), "five_hour", null),
            new UsageLimit(false, DateTimeOffset.FromUnixTimeSeconds(1_760_000_000), "five_hour", 0.82),
            new ContextCompacted("manual", 180_000),
            new TurnMeasured(5400, 2, 0.03m),
            new ConfigChanged("acceptEdits", null, null),
        ];
        Golden.Matches(string.Join('\n', events.Select(e => _family.Write(e)!.Value.ToString())) + "\n");
    }

    [Fact]
    public void What_a_sub_agent_says_hangs_on_its_card()
    {
        AgentEvent[] events =
        [
            new TextSettled("msg_2:0", "Reading…") { Run = "call_9" },
            new ToolCalled("call_10", "Read", RawJson.Parse("""{"file_path":"a"}""")) { Run = "call_9" },
            new RunStarted("call_11", RawJson.Parse("{}"), null) { Run = "call_9" },
            new UsageCounted("model-x", 10, 3, 0, 0, 10, 200_000) { Run = "call_9" },
            new RetryAnnounced(1, 10, null, "Overloaded") { Run = "call_9" },
        ];
        Golden.Matches(string.Join('\n', events.Select(e => _family.Write(e)!.Value.ToString())) + "\n");
    }

    [Fact]
    public void What_changes_the_session_is_no_row()
    {
        AgentEvent[] events =
        [
            new NativeSessionChanged("x"), new TitleChanged("x", Fallback: true), new SlashCommandsChanged(["/x"]), new ConfigChanged(null, "model-x", null),
            new PlanChanged([]), new TurnMeasured(1, null, null) { Run = "call_9" },
        ];
        Assert.All(events, e => Assert.Null(_family.Write(e)));
    }

    [Fact]
    public void The_session_has_rows_of_its_own() =>
        Golden.Matches($"{_family.Title("Fix flaky CI")}\n{_family.Event("ready")}\n{_family.Event("switch", ("mode", "remote"))}\n");

    [Fact]
    public void A_long_string_keeps_its_two_ends()
    {
        var text = new string('a', 60_000) + new string('z', 40_000);
        var cut = LongText.Cut(text);
        Assert.Equal(49_152 + "\n…[hapi: truncated 38560 chars]…\n".Length + 12_288, cut.Length);
        Assert.Contains("\n…[hapi: truncated 38560 chars]…\n", cut, StringComparison.Ordinal);
        Assert.Equal(cut, LongText.Cut(cut));
        Assert.Equal(65_536, LongText.Cut(new string('a', 65_536)).Length);
    }

    [Fact]
    public void A_long_string_is_cut_wherever_it_lies()
    {
        var long_ = new string('a', 70_000);
        var row = _family.Write(new ToolReturned("call_1", RawJson.Parse($$"""{"stdout":"{{long_}}","list":[1.50,true,null,"{{long_}}"]}"""), false))!.Value.ToElement();
        var output = row.GetProperty("content").GetProperty("data").GetProperty("output");
        Assert.Equal(LongText.Cut(long_), output.GetProperty("stdout").GetString());
        Assert.Equal(LongText.Cut(long_), output.GetProperty("list")[3].GetString());
        Assert.Equal("1.50", output.GetProperty("list")[0].GetRawText());
    }

    [Fact]
    public void A_cut_never_splits_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("a🙂", 40_000));
        Assert.Equal(LongText.Cut(text), System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(LongText.Cut(text))));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_760_000_000_000);
    }
}
