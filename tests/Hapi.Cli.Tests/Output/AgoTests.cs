using Hapi.Output;

namespace Hapi.Cli.Tests.Output;

/// <summary>How long ago something was.</summary>
public sealed class AgoTests
{
    [Theory]
    [InlineData(0, "now")]
    [InlineData(59, "now")]
    [InlineData(60, "1m ago")]
    [InlineData(3599, "59m ago")]
    [InlineData(3600, "1h ago")]
    [InlineData(86399, "23h ago")]
    [InlineData(86400, "1d ago")]
    [InlineData(6 * 86400 + 86399, "6d ago")]
    [InlineData(7 * 86400, "2026-03-03")]
    public void Time_is_told_in_its_largest_part_and_after_a_week_as_a_date(int seconds, string expected) =>
        Assert.Equal(expected, Ago.Say(FixedTime.Noon.Before(TimeSpan.FromSeconds(seconds)), FixedTime.Noon));

    [Fact]
    public void A_small_number_is_seconds() => Assert.Equal("2h ago", Ago.Say(FixedTime.Noon.Before(TimeSpan.FromHours(2)) / 1000, FixedTime.Noon));

    [Fact]
    public void A_clock_that_is_ahead_is_now() => Assert.Equal("now", Ago.Say(FixedTime.Noon.Before(TimeSpan.FromMinutes(-3)), FixedTime.Noon));
}
