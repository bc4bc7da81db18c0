namespace Hapi.Runner;

/// <summary>How a runner's life ended.</summary>
public enum RunnerEnd
{
    /// <summary>It was asked to end.</summary>
    Stopped,

    /// <summary>Another one serves this home already, of the same version and with the same wishes. Nothing was done.</summary>
    AlreadyRunning,

    /// <summary>Another one has taken over, and stands.</summary>
    HandedOver,

    /// <summary>The hub wants it started again, and a service manager will do that.</summary>
    RestartWanted,
}
