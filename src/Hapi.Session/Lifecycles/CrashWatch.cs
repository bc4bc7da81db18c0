namespace Hapi.Session.Lifecycles;

/// <summary>
/// An exception nobody caught ends the session as crashed, with its last facts written, and the process with code 1; the runtime alone would abort with 134.
/// </summary>
internal sealed class CrashWatch
{
    // More than all steps of the clean-up may take together.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(25);
    private readonly Lifecycle _lifecycle;
    private readonly IStatusLines _lines;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CrashWatch(Lifecycle lifecycle, IStatusLines lines) => (_lifecycle, _lines) = (lifecycle, lines);

    /// <summary>Watches for the rest of the process.</summary>
    public static CrashWatch Begin(Lifecycle lifecycle, IStatusLines lines)
    {
        var watch = new CrashWatch(lifecycle, lines);
        AppDomain.CurrentDomain.UnhandledException += watch.OnUnhandled;
        return watch;
    }

    /// <summary>The last facts are written.</summary>
    public void Finished() => _finished.TrySetResult();

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e)
    {
        _lifecycle.End(EndCause.Crashed);
        _lines.Say($"The session failed: {e.ExceptionObject}");
        _finished.Task.Wait(s_patience); // the clean-up runs on other threads; this one is lost anyway
        Environment.Exit(1);
    }
}
