using System.Globalization;

namespace Hapi.Output;

/// <summary>How long ago something was, in few letters.</summary>
internal static class Ago
{
    private const long SecondsBelow = 1_000_000_000_000;

    /// <param name="at">Milliseconds since 1970; what is too small for that is seconds.</param>
    public static string Say(long at, TimeProvider time)
    {
        if (at <= 0)
        {
            return "never";
        }

        var then = DateTimeOffset.FromUnixTimeMilliseconds(at < SecondsBelow ? at * 1000 : at);
        var since = time.GetUtcNow() - then;
        return since.TotalMinutes < 1 ? "now"
            : since.TotalHours < 1 ? $"{(int)since.TotalMinutes}m ago"
            : since.TotalDays < 1 ? $"{(int)since.TotalHours}h ago"
            : since.TotalDays < 7 ? $"{(int)since.TotalDays}d ago"
            : TimeZoneInfo.ConvertTime(then, time.LocalTimeZone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
