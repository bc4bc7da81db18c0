namespace Hapi.Session.Lifecycles;

/// <summary>
/// An exception nobody caught ends the session as crashed, with its last facts written, and the process with code 1; the runtime alone would abort with 134.
/// </summary>
internal sealed class CrashWatch : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly Lifecycle _lifecycle;
    private readonly ManualResetEventSlim _finished = new();

    public CrashWatch(Lifecycle lifecycle)
    {
        _lifecycle = lifecycle;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
    }

    /// <summary>The last facts are written.</summary>
    public void Finished() => _finished.Set();

    public void Dispose() => AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e)
    {
        Console.Error.WriteLine(e.ExceptionObject);
        _lifecycle.End(EndCause.Crashed);
        _finished.Wait(s_patience); // the clean-up runs on other threads; this one is lost anyway
        Environment.Exit(1);
    }
}
