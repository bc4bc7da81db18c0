namespace Hapi.Cli.Tests.Doctor;

/// <summary>A clock on which everything waits a twentieth as long.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 20;

    public override long TimestampFrequency => System.TimestampFrequency / Factor;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Short(dueTime), Short(period));

    private static TimeSpan Short(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / Factor;
}
