using Hapi.Session.Lifecycles;

namespace Hapi.Session.Tests.Lifecycles;

public sealed class CleanUpTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly Lifecycle _lifecycle = new();
    private readonly HeardLines _lines = new();
    private readonly ManualTime _time = new();
    private readonly CleanUp _cleanUp;

    public CleanUpTests()
    {
        _lifecycle.End(EndCause.Terminated);
        _cleanUp = new CleanUp(_lifecycle, _lines, _time);
    }

    public void Dispose() => _lifecycle.Dispose();

    [Fact]
    public async Task A_step_that_is_taken_is_not_spoken_of()
    {
        Assert.True(await _cleanUp.StepAsync("It", s_second, () => Task.CompletedTask));
        Assert.Empty(_lines.All);
        Assert.Equal(0, _lifecycle.Ending.ExitCode);
    }

    [Fact]
    public async Task A_step_that_fails_makes_the_exit_code_1_and_the_next_is_taken()
    {
        Assert.False(await _cleanUp.StepAsync("It", s_second, () => throw new InvalidOperationException("no")));
        Assert.Equal(["It failed: no"], _lines.All);
        Assert.Equal(new Ending("terminated", "Hub restart", 1, "sigterm"), _lifecycle.Ending);
        Assert.True(await _cleanUp.StepAsync("More", s_second, () => Task.CompletedTask));
    }

    [Fact]
    public async Task A_step_that_hangs_is_left_behind()
    {
        var step = _cleanUp.StepAsync("It", s_second, () => new TaskCompletionSource().Task);
        _time.Advance(s_second);
        Assert.False(await step);
        Assert.Equal(["It takes too long; the session ends without it."], _lines.All);
        Assert.Equal(0, _lifecycle.Ending.ExitCode);
    }
}
