namespace Hapi.Contracts.Link;

/// <summary>Method names of the link (docs/protocol/link.md). They never change once shipped.</summary>
public static class LinkMethods
{
    public const int Protocol = 1;

    public const string Hello = "hello";
    public const string Append = "append";
    public const string Ack = "ack";
    public const string Refuse = "refuse";
    public const string Deliver = "deliver";
    public const string Live = "live";
    public const string Ping = "ping";

    /// <summary>A runner asks the hub to bring back what was interrupted on its machine, once what the dead left is delivered.</summary>
    public const string ReopenInterrupted = "reopen-interrupted";

    /// <summary>The WebSocket close code of an append that cannot be placed: a gap, or a generation nobody announced.</summary>
    public const int CloseOutOfOrder = 4400;
}
