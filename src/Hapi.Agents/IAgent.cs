namespace Hapi.Agents;

/// <summary>
/// One agent program and one conversation with it. The adapter behind it translates the agent's dialect into
/// <see cref="AgentEvent"/>s, once; nothing else in the system knows a dialect. Calls come from one session, one turn at a time.
/// </summary>
public interface IAgent : IAsyncDisposable
{
    /// <summary>Starts the program and opens or resumes the conversation. After it the agent takes prompts.</summary>
    /// <exception cref="AgentException">The program is missing, refused to start, is not signed in, or does not know the conversation.</exception>
    Task<AgentReady> StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives the agent one prompt. Completes when the turn has ended and everything it said has been emitted.
    /// It does not fault for what an agent can do: an error, a refusal, an abort or a dying process are results.
    /// </summary>
    Task<TurnResult> PromptAsync(AgentPrompt prompt, CancellationToken cancellationToken);

    /// <summary>Asks the agent to end the running turn; <see cref="PromptAsync"/> then completes. Without a turn it does nothing.</summary>
    Task AbortAsync(CancellationToken cancellationToken);

    /// <summary>Changes how the agent works, also in mid-turn where the agent can.</summary>
    Task<ConfigResult> ConfigureAsync(AgentConfig change, CancellationToken cancellationToken);

    /// <summary>Completes when the program is gone. It never faults.</summary>
    Task<AgentExit> Completion { get; }

    /// <summary>Ends the program in the way it likes best, and kills it and its descendants when it does not. Safe to call twice.</summary>
    Task<AgentExit> StopAsync();
}
