namespace Hapi.Session.Tests.Lifecycles;

/// <summary>
/// How a real process ends when something inside it goes wrong, or its agent says that it is over. The numbers are those of the table of ends in
/// docs/protocol/ends.md.
/// </summary>
public sealed class ProcessEndTests
{
    // Row 11.
    [Theory]
    [InlineData("pool")]
    [InlineData("thread")]
    [InlineData("timer")]
    [InlineData("event")]
    [InlineData("loop")]
    public async Task An_exception_that_nobody_caught_is_a_crash_and_exits_with_1(string where)
    {
        await using var session = new StagedSession(where);
        Assert.Equal(("error", "Session crashed", "crashed", 1), await session.EndedAsync());
        Assert.Equal(("error", "Session crashed", 1), (session.Record.Reason, session.Record.ArchiveReason, session.Record.ExitCode));
    }

    // Row 17.
    [Theory]
    [InlineData("stop-throws")]
    [InlineData("stop-pool")]
    [InlineData("stop-callback")]
    public async Task A_crash_during_the_clean_up_leaves_the_labels_and_exits_with_1(string where)
    {
        await using var session = await new StagedSession(where).ReadyAsync();
        await session.SignalAsync("TERM");
        Assert.Equal(("terminated", "Hub restart", "sigterm", 1), await session.EndedAsync());
    }

    // Row 16: the clean-up itself makes the loop return.
    [Fact]
    public async Task An_agent_that_leaves_because_it_is_stopped_completes_nothing()
    {
        await using var session = await new StagedSession("stop-leaves").ReadyAsync();
        await session.SignalAsync("TERM", "INT", "TERM", "HUP");
        Assert.Equal(("terminated", "Hub restart", "sigterm", 0), await session.EndedAsync());
    }

    // Row 9.
    [Fact]
    public async Task An_agent_that_ends_in_order_completes_the_session()
    {
        await using var session = new StagedSession("leaves");
        Assert.Equal(("completed", "Session completed", "completed", 0), await session.EndedAsync());
    }

    // Row 14.
    [Fact]
    public async Task A_conversation_begun_anew_has_its_own_label()
    {
        await using var session = new StagedSession("clears");
        Assert.Equal(("cleared", "Cleared by /clear", "cleared", 0), await session.EndedAsync());
    }

    // Row 15: whatever code the program ends with.
    [Fact]
    public async Task An_agent_that_cannot_be_replaced_ends_the_session_with_its_own_words()
    {
        await using var session = new StagedSession("fails");
        Assert.Equal(("error", "Odd process exited with code 0", "agent_failed", 1), await session.EndedAsync());
    }

    [Fact]
    public async Task An_agent_that_does_not_start_ends_the_session_with_its_own_words()
    {
        await using var session = new StagedSession("refuses");
        Assert.Equal(("error", "The odd agent will not work.", "agent_failed", 1), await session.EndedAsync());
    }

    // Rows 1 and 3, before there is an agent.
    [Fact]
    public async Task A_signal_ends_the_start_of_an_agent_that_takes_for_ever()
    {
        await using var session = await new StagedSession("never-starts").ReadyAsync();
        await session.SignalAsync("TERM");
        Assert.Equal(("terminated", "Hub restart", "sigterm", 0), await session.EndedAsync());
    }

    [Fact]
    public async Task A_stop_ends_the_start_of_an_agent_that_takes_for_ever()
    {
        await using var session = await new StagedSession("never-starts").ReadyAsync();
        await session.StopAsync("Stopped by runner", "runner");
        Assert.Equal(("terminated", "Stopped by runner", "control", 0), await session.EndedAsync());
        Assert.Equal("runner", session.Record.By);
    }
}
