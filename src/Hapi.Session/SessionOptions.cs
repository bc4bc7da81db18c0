using Hapi.Agents;

namespace Hapi.Session;

/// <summary>What one session process is started with.</summary>
/// <param name="Home"><c>HAPI_HOME</c>, absolute.</param>
/// <param name="Token">Opens the hub. It stays in this process: no child's environment has it.</param>
/// <param name="SessionId">A new UUID, or the row to attach to.</param>
/// <param name="Agent">How the agent is started; its environment is the child's whole environment.</param>
/// <param name="StartedBy"><c>terminal</c> or <c>runner</c>.</param>
/// <param name="EndsOnHangUp">The session ends with its terminal, also where it could be steered from elsewhere.</param>
public sealed record SessionOptions(
    string Home,
    Uri HubUrl,
    string Token,
    string Version,
    string SessionId,
    AgentFlavor Flavor,
    AgentStart Agent,
    string MachineId,
    string HostName,
    string StartedBy,
    bool EndsOnHangUp = false);
