namespace Hapi.Hub.Audit;

/// <summary>By which way an act came.</summary>
internal static class AuditChannels
{
    /// <summary>The REST API, from a browser or another client.</summary>
    public const string Web = "web";

    /// <summary>The link of a process: its own word.</summary>
    public const string Link = "link";

    /// <summary>The REST API, from the command line.</summary>
    public const string Cli = "cli";

    /// <summary>A process's control socket.</summary>
    public const string Control = "control";

    public const string Signal = "signal";

    /// <summary>The hub by itself.</summary>
    public const string Hub = "hub";
}
