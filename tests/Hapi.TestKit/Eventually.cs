namespace Hapi.TestKit;

/// <summary>Waits for what happens in another process, where nothing can be awaited.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        await TrueAsync(() => Task.FromResult(condition()), what, cancellationToken);

    /// <exception cref="TimeoutException">It never became true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > s_within)
            {
                throw new TimeoutException($"Never happened within {s_within.TotalSeconds:0} s: {what}");
            }

            await tick.WaitForNextTickAsync(cancellationToken);
        }
    }
}
