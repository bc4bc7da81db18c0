using Hapi.Runner.Doors;

namespace Hapi.Runner;

/// <summary>Why a runner puts its work down.</summary>
/// <param name="Source">Who wanted it, in the runner state's words.</param>
/// <param name="Successor">It only steps aside for this one.</param>
/// <param name="Restart">It begins anew in the same process.</param>
internal sealed record DaemonEnd(string Source, RunnerSuccessor? Successor = null, bool Restart = false)
{
    public static DaemonEnd BySignal { get; } = new("os-signal");

    public static DaemonEnd ByCommand { get; } = new("cli");

    public static DaemonEnd ByHub { get; } = new("mobile-app");

    public static DaemonEnd Anew { get; } = new("unknown", Restart: true);

    public static DaemonEnd Aside(RunnerSuccessor successor) => new("cli", successor);
}
