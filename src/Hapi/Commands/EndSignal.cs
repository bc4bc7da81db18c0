using System.Runtime.InteropServices;

namespace Hapi.Commands;

/// <summary>Waits for SIGINT or SIGTERM, so that a command ends in order.</summary>
internal sealed class EndSignal : IDisposable
{
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations;

    public EndSignal() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the runtime's own answer is to exit at once
        _given.TrySetResult();
    }))];

    public Task Given => _given.Task;

    public void Dispose() => _registrations.ForEach(r => r.Dispose());
}
