using Hapi.Contracts.Sessions;
using Hapi.Output;
using Hapi.Sessions;

namespace Hapi.Cli.Tests.Sessions;

/// <summary>The list of sessions fits a terminal, and says in one word how each is.</summary>
public sealed class SessionTableTests
{
    private static SessionSummary Session(string id = "0a1b2c3d-0000-4000-8000-000000000001") => new()
    {
        Id = id, Active = true, Thinking = false, ActiveAt = 0, UpdatedAt = FixedTime.Noon.Before(TimeSpan.FromMinutes(5)), Pinned = false, GlobalPinned = false,
        Metadata = new SummaryMetadata("/home/me/project", Flavor: "claude"), MetadataVersion = 1, AgentStateVersion = 1, TodosUpdatedAt = 0, PendingRequestsCount = 0, PendingRequestKinds = [], PendingRequests = [],
        Liveness = new Liveness("connected", 0),
    };

    public static TheoryData<string, string> States => new()
    {
        { "idle", "idle" }, { "working", "working" }, { "waiting", "waits for you" }, { "away", "unreachable" }, { "interrupted", "interrupted" }, { "ended", "ended: User terminated" }, { "gone", "ended" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void The_state_is_one_plain_word(string how, string word) => Assert.Equal(word, SessionWords.State(how switch
    {
        "working" => Session() with { Thinking = true },
        "waiting" => Session() with { Thinking = true, PendingRequestsCount = 1 },
        "away" => Session() with { Active = false, PendingRequestsCount = 1, Liveness = new Liveness("unreachable", 0) },
        "interrupted" => Session() with { Active = false, Interrupted = true, Liveness = new Liveness("ended", 0), Metadata = new SummaryMetadata("/p", LifecycleState: "archived", ArchiveReason: "Hub restart") },
        "ended" => Session() with { Active = false, Liveness = new Liveness("ended", 0), Metadata = new SummaryMetadata("/p", LifecycleState: "archived", ArchiveReason: "User terminated") },
        "gone" => Session() with { Active = false, Liveness = new Liveness("ended", 0) },
        _ => Session(),
    }));

    [Fact]
    public void No_line_is_wider_than_eighty_columns_whatever_a_session_is_called()
    {
        SessionSummary[] sessions =
        [
            Session(),
            Session("1a1b2c3d-0000-4000-8000-000000000002") with { Metadata = new SummaryMetadata("/p", Name: string.Concat(Enumerable.Repeat("漢字🚀", 40)), Flavor: "some-very-long-agent") },
            Session("2a1b2c3d-0000-4000-8000-000000000003") with { Metadata = new SummaryMetadata("/p", LifecycleState: "archived", ArchiveReason: new string('x', 200), Name: "two\nlines") },
        ];
        var lines = SessionTable.Lines(sessions, SessionTable.Width, FixedTime.Noon).ToList();
        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.True(DisplayText.Width(line) <= 80, line));
        Assert.Equal("0a1b2c3d  claude    idle                     5m ago      project", lines[1]);
    }

    [Fact]
    public void Ids_that_begin_alike_are_shown_as_far_as_they_differ()
    {
        SessionSummary[] sessions = [Session("0a1b2c3d-1000-4000-8000-000000000001"), Session("0a1b2c3d-2000-4000-8000-000000000001")];
        var lines = SessionTable.Lines(sessions, SessionTable.Width, FixedTime.Noon).ToList();
        Assert.StartsWith("0a1b2c3d-1  ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("0a1b2c3d-2  ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_is_found_by_the_beginning_of_its_id_and_a_whole_id_wins()
    {
        string[] ids = ["abc", "abcd", "b1"];
        Assert.Equal("b1", Find("B"));
        Assert.Equal("abc", Find("abc"));
        Assert.Equal(("ambiguous", ExitCodes.Ambiguous), Refusal("a"));
        Assert.Equal(("session_not_found", ExitCodes.SessionNotFound), Refusal("x"));
        Assert.Equal(("bad_arguments", ExitCodes.BadArguments), Refusal(" "));

        string Find(string given) => SessionPrefix.Find(ids, given, id => id, id => id);
        (string, int) Refusal(string given) => Assert.Throws<CommandException>(() => Find(given)) is var refusal ? (refusal.Code, refusal.ExitCode) : default;
    }
}
