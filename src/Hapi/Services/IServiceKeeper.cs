namespace Hapi.Services;

/// <summary>What keeps services on one kind of system: how a service is written down, and the commands that make it true.</summary>
internal interface IServiceKeeper
{
    string Name { get; }

    /// <summary>The file that describes a service.</summary>
    string FileOf(ServiceRole role);

    /// <summary>The text of that file. The same spec gives the same text.</summary>
    string Describe(ServiceSpec spec);

    /// <summary>Succeeds when this user's services can be kept here.</summary>
    IReadOnlyList<string> Probe { get; }

    /// <summary>What makes a written file run, now and at each sign-in.</summary>
    /// <param name="changed">The file is new or different: what runs by the old one is started again.</param>
    IReadOnlyList<ServiceStep> Start(ServiceRole role, bool changed);

    /// <summary>What ends the service, before its file goes.</summary>
    IReadOnlyList<ServiceStep> Stop(ServiceRole role);

    /// <summary>What makes the keeper forget a file that is gone.</summary>
    IReadOnlyList<ServiceStep> Forget { get; }

    /// <summary>Prints how the service is.</summary>
    IReadOnlyList<string> Query(ServiceRole role);

    /// <summary>Reads what <see cref="Query"/> printed: whether it runs, and its pid.</summary>
    (bool Running, int? Pid, string State) Read(int exitCode, string printed);

    /// <summary>What a person should know besides.</summary>
    string? Hint { get; }
}
