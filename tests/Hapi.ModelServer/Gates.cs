using System.Collections.Concurrent;

namespace Hapi.ModelServer;

/// <summary>Named gates at which a stream stops. A gate that was opened once stays open.</summary>
internal sealed class Gates
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new();

    public Task PassAsync(string name, CancellationToken cancellationToken)
    {
        var gate = At(name);
        gate.Reached.TrySetResult();
        return gate.Opened.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when a stream has stopped there for the first time.</summary>
    public Task ReachedAsync(string name, CancellationToken cancellationToken) => At(name).Reached.Task.WaitAsync(cancellationToken);

    public void Open(string name) => At(name).Opened.TrySetResult();

    private Gate At(string name) => _gates.GetOrAdd(name, _ => new Gate());

    private sealed class Gate
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
