using Hapi.Agents.Acp;
using Hapi.Agents.Claude;

namespace Hapi.Agents;

/// <summary>The agents Hapi knows. An adapter adds its row here and nowhere else.</summary>
public static class AgentCatalog
{
    public static IReadOnlyList<AgentFlavor> All { get; } =
    [
        ClaudeFlavor.Row,
        new("acp", "ACP agent", "acpSessionId", [], (start, host, time) => new AcpAgent(start, host, time)),
        new(DemoFlavor.Id, "Demo", "demoSessionId", [], (start, host, time) => new AcpAgent(start, host, time)),
    ];

    public static AgentFlavor? Find(string id) => All.FirstOrDefault(flavor => flavor.Id == id);
}
