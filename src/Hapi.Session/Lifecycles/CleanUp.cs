namespace Hapi.Session.Lifecycles;

/// <summary>
/// The steps of a session's end. Each has its time: one that takes longer is left behind, one that fails makes the exit code 1,
/// and the next is taken all the same.
/// </summary>
internal sealed class CleanUp(Lifecycle lifecycle, IStatusLines lines, TimeProvider time)
{
    /// <summary>Gives whether the step was taken in time.</summary>
    public async Task<bool> StepAsync(string what, TimeSpan within, Func<Task> step)
    {
        var taking = Task.Run(step);
        try
        {
            await taking.WaitAsync(within, time);
            return true;
        }
        catch (TimeoutException) when (!taking.IsCompleted)
        {
            lines.Say($"{what} takes too long; the session ends without it.");
            _ = taking.ContinueWith(late => late.Exception, TaskScheduler.Default);
        }
        catch (Exception ex)
        {
            lines.Say($"{what} failed: {ex.Message}");
            lifecycle.End(EndCause.Crashed);
        }

        return false;
    }
}
