using System.Runtime.InteropServices;

namespace Hapi.Session.Lifecycles;

/// <summary>
/// Turns signals into causes: SIGTERM and SIGINT end the session, in order and once. A hang-up (the terminal's window was closed) ends it only
/// where nobody could steer it from elsewhere.
/// </summary>
internal static class SignalWatch
{
    // For the rest of the process: a signal in its very last moment must not change how it ends.
    private static readonly List<PosixSignalRegistration> s_registrations = [];

    /// <param name="goesOn">Asked at a hang-up: can the session be steered from elsewhere?</param>
    public static void Begin(Lifecycle lifecycle, Func<bool> goesOn) => s_registrations.AddRange(
    [
        Take(PosixSignal.SIGTERM, () => lifecycle.End(EndCause.Terminated)),
        Take(PosixSignal.SIGINT, () => lifecycle.End(EndCause.Interrupted)),
        Take(PosixSignal.SIGHUP, () =>
        {
            if (!goesOn())
            {
                lifecycle.End(EndCause.HungUp);
            }
        }),
    ]);

    private static PosixSignalRegistration Take(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the runtime's own answer is to exit at once
        action();
    });
}
