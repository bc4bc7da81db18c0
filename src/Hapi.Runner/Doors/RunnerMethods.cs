using Hapi.Control;

namespace Hapi.Runner.Doors;

/// <summary>What the runner's door serves besides <see cref="ControlMethods"/>. The names never change once shipped.</summary>
public static class RunnerMethods
{
    /// <summary>Gives <see cref="RunnerSessions"/>.</summary>
    public const string List = "list";

    /// <summary>A spawn request of the link, answered as there.</summary>
    public const string Spawn = "spawn";

    /// <summary>A stop request of the link, answered as there.</summary>
    public const string StopSession = "stop-session";
}
