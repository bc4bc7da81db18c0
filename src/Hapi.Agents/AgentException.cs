namespace Hapi.Agents;

/// <summary>The agent could not be started or used. <c>Message</c> is one sentence for the user that says what to do.</summary>
public sealed class AgentException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable: <c>agent_not_found</c>, <c>agent_not_signed_in</c>, <c>agent_exited</c>, <c>agent_timeout</c>, <c>agent_protocol</c>, <c>conversation_not_found</c>.</summary>
    public string Code { get; } = code;
}
