namespace Hapi.Session.Lifecycles;

/// <summary>What ends a session.</summary>
internal enum EndCause
{
    /// <summary>SIGTERM from outside: a service restart, a cgroup, <c>kill</c>.</summary>
    Terminated,

    /// <summary>Ctrl-C.</summary>
    Interrupted,

    /// <summary>The terminal is gone, and nobody could steer the session from elsewhere.</summary>
    HungUp,

    /// <summary>A person archived it on a page.</summary>
    Archived,

    /// <summary>Somebody asked for it on the control socket, and gave the reason.</summary>
    Asked,

    /// <summary>A terminal on this machine goes on with the conversation.</summary>
    HandedOff,

    /// <summary>The conversation is over.</summary>
    Completed,

    /// <summary>A person began the conversation anew; another session takes over.</summary>
    Cleared,

    /// <summary>The agent cannot go on; the reason says why.</summary>
    AgentFailed,

    /// <summary>The agent could not be started at the terminal, and the session cannot go on without it.</summary>
    LaunchFailed,

    Crashed,
}
