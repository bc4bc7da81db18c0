namespace Hapi.Contracts.Link;

/// <summary>Sizes and times both ends of a link hold to.</summary>
public static class LinkLimits
{
    public const int MaxFrameBytes = 1 << 20;
    public const int MaxFactBytes = 512 * 1024;
    public const int MaxFactsPerFrame = 64;

    /// <summary>How deep a message may nest.</summary>
    public const int MaxDepth = 512;

    /// <summary>Strings in agent messages longer than this are cut before they enter the outbox.</summary>
    public const int MaxAgentStringLength = 65_536;

    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SilenceEndsLink = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan PresenceEvery = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan LiveAtMostEvery = TimeSpan.FromMilliseconds(100);
}
