namespace Hapi.Cli.Tests;

/// <summary>A clock that stands at 2026-03-10 12:00 UTC, where local time is UTC.</summary>
internal sealed class FixedTime : TimeProvider
{
    public static FixedTime Noon { get; } = new();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public long Before(TimeSpan span) => (GetUtcNow() - span).ToUnixTimeMilliseconds();
}
