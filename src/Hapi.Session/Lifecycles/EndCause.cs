namespace Hapi.Session.Lifecycles;

/// <summary>What ends a session.</summary>
internal enum EndCause
{
    /// <summary>SIGTERM from outside: a service restart, a cgroup, <c>kill</c>.</summary>
    Terminated,

    /// <summary>Ctrl-C.</summary>
    Interrupted,

    /// <summary>A person archived it on a page.</summary>
    Archived,

    /// <summary>Somebody asked for it on the control socket, and gave the reason.</summary>
    Asked,

    /// <summary>The conversation is over.</summary>
    Completed,

    /// <summary>The agent cannot go on; the reason says why.</summary>
    AgentFailed,

    Crashed,
}
