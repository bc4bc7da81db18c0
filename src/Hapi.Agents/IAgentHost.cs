using Hapi.Contracts.Link;

namespace Hapi.Agents;

/// <summary>What an adapter tells the session it works for, and asks of it.</summary>
public interface IAgentHost
{
    /// <summary>
    /// Records something settled. Completes when it is safe on disk. The adapter awaits it before it reads the agent further:
    /// that is how a full disk stops the agent instead of losing what it says.
    /// </summary>
    ValueTask EmitAsync(AgentEvent e, CancellationToken cancellationToken);

    /// <summary>Shows the newest snapshot of a text that is still being written. Never stored; the settled event with the same id ends it.</summary>
    void Stream(LiveStream stream);

    /// <summary>Ends a stream that will not settle (an aborted turn that said nothing worth keeping).</summary>
    void StreamEnded(string id);

    /// <summary>
    /// Asks a person. Completes with the decision, however long that takes. When the agent withdraws its question the adapter cancels the token;
    /// the request is then closed as canceled.
    /// </summary>
    Task<PermissionDecision> AskAsync(PermissionAsk ask, CancellationToken cancellationToken);

    /// <summary>The agent works, or has stopped working, outside a prompt (a background task that reports back).</summary>
    void WorkingChanged(bool working);
}
