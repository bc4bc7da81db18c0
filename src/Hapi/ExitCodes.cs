namespace Hapi;

/// <summary>What the process tells its caller. Each code keeps its meaning.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>A crash, or a failure that has no code of its own.</summary>
    public const int Failed = 1;

    /// <summary>The audit was changed by somebody else than the hub.</summary>
    public const int AuditBroken = 1;

    public const int BadArguments = 2;
    public const int AgentNotFound = 10;
    public const int HubUnreachable = 11;
    public const int NotSignedIn = 12;
    public const int PortTaken = 13;
    public const int SessionBusy = 14;
    public const int SettingsUnusable = 15;
    public const int SessionNotFound = 16;

    /// <summary>The beginning of an id fits several.</summary>
    public const int Ambiguous = 17;

    /// <summary>No runner of the session's machine is online.</summary>
    public const int NoRunner = 18;

    /// <summary>The session's agent did not come back.</summary>
    public const int ReopenFailed = 19;

    /// <summary>The session ran on another machine, or its folder is gone.</summary>
    public const int NotHere = 20;

    /// <summary>What is there was not made by this Hapi, and stays as it is.</summary>
    public const int Foreign = 21;

    /// <summary>This machine has nothing that could do it.</summary>
    public const int Unsupported = 22;

    /// <summary>The user left without choosing.</summary>
    public const int Cancelled = 130;

    public const int RunnerNotRunning = 16;

    /// <summary>It was started in the background and has not answered in time.</summary>
    public const int RunnerNotStarted = 17;

    /// <summary>Another runner holds this home and does not give way.</summary>
    public const int RunnerBusy = 18;

    /// <summary>A service manager shall start it again: the hub has asked for that.</summary>
    public const int RestartWanted = 75;

    /// <summary>A session of this id has run here before.</summary>
    public const int SessionExists = 30;
}
