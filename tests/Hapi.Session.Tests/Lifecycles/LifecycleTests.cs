using Hapi.Session.Lifecycles;

namespace Hapi.Session.Tests.Lifecycles;

public sealed class LifecycleTests : IDisposable
{
    private readonly Lifecycle _lifecycle = new();

    public void Dispose() => _lifecycle.Dispose();

    // Rows 1, 3, 6, 7, 8, 9, 11, 12, 14 and 15, and SIGHUP.
    [Theory]
    [InlineData(nameof(EndCause.Terminated), null, "terminated", "Hub restart", 0, "sigterm")]
    [InlineData(nameof(EndCause.Interrupted), null, "terminated", "User terminated", 0, "sigint")]
    [InlineData(nameof(EndCause.HungUp), null, "terminated", "Terminal closed", 0, "sighup")]
    [InlineData(nameof(EndCause.Archived), null, "terminated", "User terminated", 0, "archive")]
    [InlineData(nameof(EndCause.Asked), "Stopped by runner", "terminated", "Stopped by runner", 0, "control")]
    [InlineData(nameof(EndCause.HandedOff), null, "handoff", "Handed off to local terminal", 0, "handoff")]
    [InlineData(nameof(EndCause.Completed), null, "completed", "Session completed", 0, "completed")]
    [InlineData(nameof(EndCause.Cleared), null, "cleared", "Cleared by /clear", 0, "cleared")]
    [InlineData(nameof(EndCause.AgentFailed), "Pi process exited with code 3", "error", "Pi process exited with code 3", 1, "agent_failed")]
    [InlineData(nameof(EndCause.LaunchFailed), "no such file", "error", "Local launch failed: no such file", 1, "agent_failed")]
    [InlineData(nameof(EndCause.Crashed), null, "error", "Session crashed", 1, "crashed")]
    public void Every_cause_has_its_labels(string cause, string? given, string reason, string archiveReason, int exitCode, string word)
    {
        Assert.True(_lifecycle.End(Enum.Parse<EndCause>(cause), given, "somebody"));
        Assert.Equal(new Ending(reason, archiveReason, exitCode, word, "somebody"), _lifecycle.Ending);
        Assert.True(_lifecycle.Token.IsCancellationRequested);
    }

    // Row 16.
    [Fact]
    public void The_first_cause_wins_and_the_rest_is_absorbed()
    {
        _lifecycle.End(EndCause.Terminated);
        Assert.False(_lifecycle.End(EndCause.Interrupted));
        Assert.False(_lifecycle.End(EndCause.Completed));
        _lifecycle.Explain("too late");
        Assert.Equal(new Ending("terminated", "Hub restart", 0, "sigterm"), _lifecycle.Ending);
    }

    // Row 17.
    [Fact]
    public void A_crash_while_ending_only_changes_the_exit_code()
    {
        _lifecycle.End(EndCause.Interrupted);
        _lifecycle.End(EndCause.Crashed);
        Assert.Equal(new Ending("terminated", "User terminated", 1, "sigint"), _lifecycle.Ending);
    }

    [Fact]
    public void A_crash_overrides_a_reason_given_beforehand()
    {
        _lifecycle.Explain("Stopped by runner");
        _lifecycle.End(EndCause.Crashed);
        Assert.Equal(new Ending("error", "Session crashed", 1, "crashed"), _lifecycle.Ending);
    }

    [Theory]
    [InlineData(nameof(EndCause.Terminated), "terminated", "sigterm")] // row 2
    [InlineData(nameof(EndCause.Completed), "completed", "completed")] // row 10
    public void The_last_reason_given_beforehand_holds(string cause, string reason, string word)
    {
        _lifecycle.Explain("first");
        _lifecycle.Explain("second");
        _lifecycle.End(Enum.Parse<EndCause>(cause));
        Assert.Equal(new Ending(reason, "second", 0, word), _lifecycle.Ending);
    }

    [Fact]
    public void A_reason_that_merely_reads_like_the_default_is_a_reason()
    {
        _lifecycle.Explain(Lifecycle.HubRestart);
        _lifecycle.End(EndCause.Completed);
        Assert.Equal(new Ending("completed", "Hub restart", 0, "completed"), _lifecycle.Ending);
    }

    [Fact]
    public void Of_a_hundred_causes_at_once_exactly_one_wins()
    {
        var won = 0;
        Parallel.For(0, 100, i =>
        {
            if (_lifecycle.End(i % 2 == 0 ? EndCause.Terminated : EndCause.Interrupted))
            {
                Interlocked.Increment(ref won);
            }
        });
        Assert.Equal(1, won);
    }

    [Theory]
    [InlineData(nameof(EndCause.Interrupted), "User terminated")]
    [InlineData(nameof(EndCause.Archived), "User terminated")]
    [InlineData(nameof(EndCause.HandedOff), "Handed off to local terminal")]
    public void A_cause_that_brings_its_own_reason_replaces_the_one_given_beforehand(string cause, string reason)
    {
        _lifecycle.Explain("beforehand");
        _lifecycle.End(Enum.Parse<EndCause>(cause));
        Assert.Equal(reason, _lifecycle.Ending.ArchiveReason);
    }

    // Row 13.
    [Fact]
    public void A_launch_that_failed_where_the_session_goes_on_leaves_no_mark()
    {
        Assert.False(_lifecycle.LaunchFailed("no such file", goesOn: true));
        Assert.False(_lifecycle.IsEnding);
        _lifecycle.End(EndCause.Completed);
        Assert.Equal(new Ending("completed", "Session completed", 0, "completed"), _lifecycle.Ending);
    }

    // Row 12.
    [Fact]
    public void A_launch_that_failed_for_good_is_the_end()
    {
        Assert.True(_lifecycle.LaunchFailed(new string('x', 500), goesOn: false));
        Assert.Equal($"Local launch failed: {new string('x', 197)}...", _lifecycle.Ending.ArchiveReason);
    }

    [Theory]
    [InlineData(500, 200)]
    [InlineData(200, 200)]
    public void A_long_reason_is_cut_at_two_hundred_characters(int length, int kept)
    {
        _lifecycle.End(EndCause.AgentFailed, new string('x', length));
        Assert.Equal(kept, _lifecycle.Ending.ArchiveReason.Length);
    }

    [Fact]
    public void A_long_reason_is_never_cut_in_the_middle_of_a_character()
    {
        _lifecycle.End(EndCause.AgentFailed, new string('x', 199) + "🙂");
        Assert.Equal(new string('x', 199), _lifecycle.Ending.ArchiveReason);
    }

    [Fact]
    public void Somebody_who_fails_to_stop_neither_stops_the_end_nor_reaches_the_signal()
    {
        using var failing = _lifecycle.Token.Register(() => throw new InvalidOperationException("no"));
        Assert.True(_lifecycle.End(EndCause.Terminated));
        Assert.True(_lifecycle.IsEnding);
        Assert.Equal(new Ending("terminated", "Hub restart", 1, "sigterm"), _lifecycle.Ending);
    }

    [Fact]
    public async Task A_cause_that_comes_a_moment_later_is_waited_for()
    {
        var time = new ManualTime();
        var waiting = _lifecycle.EndsWithinAsync(TimeSpan.FromSeconds(1), time);
        Assert.False(waiting.IsCompleted);
        _lifecycle.End(EndCause.Terminated);
        Assert.True(await waiting);
    }

    [Fact]
    public async Task A_cause_that_does_not_come_is_not_waited_for_longer()
    {
        var time = new ManualTime();
        var waiting = _lifecycle.EndsWithinAsync(TimeSpan.FromSeconds(1), time);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await waiting);
    }

    [Theory]
    [InlineData(nameof(EndCause.Terminated), 1)]
    [InlineData(nameof(EndCause.HandedOff), 5)]
    [InlineData(nameof(EndCause.Cleared), 5)]
    public void Where_another_takes_over_the_hub_gets_more_time_to_hear_of_the_end(string cause, int seconds)
    {
        _lifecycle.End(Enum.Parse<EndCause>(cause));
        Assert.Equal(TimeSpan.FromSeconds(seconds), _lifecycle.Ending.LastFlush);
    }
}
