namespace Hapi.Control;

/// <summary>What control sockets serve (docs/protocol/link.md). The names never change once shipped.</summary>
public static class ControlMethods
{
    /// <summary>Of a session: <see cref="SessionStatus"/>. Of the runner: its own.</summary>
    public const string Status = "status";

    /// <summary>Of a session: <see cref="StopRequest"/>, accepted at once. Of the runner: it ends, its sessions live on.</summary>
    public const string Stop = "stop";

    /// <summary>Of a session: it ends so that a terminal on this machine can go on with it.</summary>
    public const string HandOff = "hand-off";

    /// <summary>To the runner, by a session that has opened its own door: its <see cref="ProcessState"/>.</summary>
    public const string SessionStarted = "session.started";

    /// <summary>To the runner, by whoever ended a session process without its consent: a <see cref="StoppedProcess"/>, answered by <see cref="StopResult"/>.</summary>
    public const string SessionStopped = "session.stopped";
}
