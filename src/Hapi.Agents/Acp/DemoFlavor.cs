namespace Hapi.Agents.Acp;

/// <summary>The agent that ships inside the executable: the same adapter, driving a hidden command of Hapi's own.</summary>
internal static class DemoFlavor
{
    public const string Id = "demo", Subcommand = "demo-agent";
}
