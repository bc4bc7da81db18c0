namespace Hapi.Runner.State;

/// <summary>What the state file says.</summary>
/// <param name="State"><see langword="null"/> when there is none, or it cannot be read.</param>
/// <param name="Problem">One sentence, when there is a file that cannot be read.</param>
public sealed record RunnerStateReading(RunnerState? State, string? Problem = null)
{
    /// <summary>The state, when the process it names is alive.</summary>
    public RunnerState? Running => State is { } state && state.Identity.IsAlive() ? state : null;
}
