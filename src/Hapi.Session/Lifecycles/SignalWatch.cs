using System.Runtime.InteropServices;

namespace Hapi.Session.Lifecycles;

/// <summary>
/// Turns signals into causes while it lives: SIGTERM and SIGINT end the session, in order and once. A hang-up (the terminal's window was
/// closed) ends nothing: the session is steered from elsewhere and goes on.
/// </summary>
internal sealed class SignalWatch : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations;

    public SignalWatch(Lifecycle lifecycle, Action onHangUp)
    {
        _registrations =
        [
            Take(PosixSignal.SIGTERM, () => lifecycle.End(EndCause.Terminated)),
            Take(PosixSignal.SIGINT, () => lifecycle.End(EndCause.Interrupted)),
            Take(PosixSignal.SIGHUP, onHangUp),
        ];
    }

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private static PosixSignalRegistration Take(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the runtime's own answer is to exit at once
        action();
    });
}
