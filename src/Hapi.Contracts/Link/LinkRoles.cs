namespace Hapi.Contracts.Link;

/// <summary>What a process is to the hub: the <c>role</c> of its hello.</summary>
public static class LinkRoles
{
    /// <summary>The process of one session.</summary>
    public const string Session = "session";

    /// <summary>The daemon of one machine. It gets calls, and no commands.</summary>
    public const string Runner = "runner";

    /// <summary>Somebody who delivers what a dead session process left in its outbox. The session is no more connected for it, and gets no commands.</summary>
    public const string Courier = "courier";
}
