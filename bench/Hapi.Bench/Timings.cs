using System.Diagnostics;

namespace Hapi.Bench;

/// <summary>How long each of many took.</summary>
internal sealed class Timings
{
    private readonly List<TimeSpan> _all = [];
    private readonly Lock _gate = new();

    public double P50 => At(0.50);

    public double P99 => At(0.99);

    public void AddSince(long timestamp) => Add(Stopwatch.GetElapsedTime(timestamp));

    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _all.Add(time);
        }
    }

    /// <summary>Times an action, again and again.</summary>
    public static async Task<Timings> OfAsync(int times, Func<Task> action)
    {
        var timings = new Timings();
        for (var i = 0; i < times; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await action();
            timings.AddSince(begun);
        }

        return timings;
    }

    // In milliseconds.
    private double At(double share)
    {
        lock (_gate)
        {
            _all.Sort();
            return _all.Count == 0 ? double.NaN : _all[(int)(share * (_all.Count - 1))].TotalMilliseconds;
        }
    }
}
