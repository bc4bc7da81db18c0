using Hapi.Session.Lifecycles;

namespace Hapi.Session.Tests.Lifecycles;

public sealed class LifecycleTests : IDisposable
{
    private readonly Lifecycle _lifecycle = new();

    public void Dispose() => _lifecycle.Dispose();

    [Theory]
    [InlineData(nameof(EndCause.Terminated), null, "terminated", "Hub restart", 0)]
    [InlineData(nameof(EndCause.Interrupted), null, "terminated", "User terminated", 0)]
    [InlineData(nameof(EndCause.Archived), null, "terminated", "User terminated", 0)]
    [InlineData(nameof(EndCause.Asked), "Stopped by runner", "terminated", "Stopped by runner", 0)]
    [InlineData(nameof(EndCause.Completed), null, "completed", "Session completed", 0)]
    [InlineData(nameof(EndCause.AgentFailed), "No such agent.", "error", "No such agent.", 1)]
    [InlineData(nameof(EndCause.Crashed), null, "error", "Session crashed", 1)]
    public void Every_cause_has_its_labels(string cause, string? given, string reason, string archiveReason, int exitCode)
    {
        Assert.True(_lifecycle.End(Enum.Parse<EndCause>(cause), given));
        Assert.Equal(new Ending(reason, archiveReason, exitCode), _lifecycle.Ending);
        Assert.True(_lifecycle.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_first_cause_wins_and_the_rest_is_absorbed()
    {
        _lifecycle.End(EndCause.Terminated);
        Assert.False(_lifecycle.End(EndCause.Interrupted));
        Assert.False(_lifecycle.End(EndCause.Completed));
        _lifecycle.Explain("too late");
        Assert.Equal(new Ending("terminated", "Hub restart", 0), _lifecycle.Ending);
    }

    [Fact]
    public void A_crash_while_ending_only_changes_the_exit_code()
    {
        _lifecycle.End(EndCause.Interrupted);
        _lifecycle.End(EndCause.Crashed);
        Assert.Equal(new Ending("terminated", "User terminated", 1), _lifecycle.Ending);
    }

    [Fact]
    public void A_crash_overrides_a_reason_given_beforehand()
    {
        _lifecycle.Explain("Stopped by runner");
        _lifecycle.End(EndCause.Crashed);
        Assert.Equal(new Ending("error", "Session crashed", 1), _lifecycle.Ending);
    }

    [Theory]
    [InlineData(nameof(EndCause.Terminated), "terminated")]
    [InlineData(nameof(EndCause.Completed), "completed")]
    public void The_last_reason_given_beforehand_holds(string cause, string reason)
    {
        _lifecycle.Explain("first");
        _lifecycle.Explain("second");
        _lifecycle.End(Enum.Parse<EndCause>(cause));
        Assert.Equal(new Ending(reason, "second", 0), _lifecycle.Ending);
    }

    [Fact]
    public void A_reason_that_merely_reads_like_the_default_is_a_reason()
    {
        _lifecycle.Explain(Lifecycle.HubRestart);
        _lifecycle.End(EndCause.Completed);
        Assert.Equal(new Ending("completed", "Hub restart", 0), _lifecycle.Ending);
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

    [Fact]
    public void A_long_reason_is_cut_at_two_hundred_characters()
    {
        _lifecycle.End(EndCause.AgentFailed, new string('x', 500));
        Assert.Equal(200, _lifecycle.Ending.ArchiveReason.Length);
    }
}
