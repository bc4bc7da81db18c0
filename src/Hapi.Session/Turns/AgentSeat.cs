using Hapi.Agents;
using Hapi.Session.Prompts;
using Hapi.Session.Records;

namespace Hapi.Session.Turns;

/// <summary>Where the session's agent sits: one program at a time, started again with the same conversation when it is gone.</summary>
internal sealed class AgentSeat(SessionOptions options, RecordKeeper record, TimeProvider time)
{
    private static readonly Task<AgentExit> s_never = new TaskCompletionSource<AgentExit>().Task;
    private readonly Lock _gate = new();
    private bool _closed;

    /// <summary>The agent that takes prompts now; <see langword="null"/> while there is none.</summary>
    public IAgent? Current { get; private set; }

    /// <summary>Completes when the present agent is gone.</summary>
    public Task<AgentExit> Gone => Current?.Completion ?? s_never;

    /// <summary>Starts an agent that continues the conversation, if there is one.</summary>
    /// <exception cref="AgentException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The session ends.</exception>
    public async Task<AgentReady> StartAsync(IAgentHost host, PromptMode mode, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = options.Agent with
        {
            NativeSessionId = record.Current.NativeSessionId ?? options.Agent.NativeSessionId,
            PermissionMode = mode.PermissionMode,
            Model = mode.Model,
            Effort = mode.Effort,
            Fork = options.Agent.Fork && record.Current.NativeSessionId == options.Agent.NativeSessionId, // once it is forked, it is resumed
        };
        var agent = options.Flavor.Create(start, host, time);
        try
        {
            var ready = await agent.StartAsync(cancellationToken);
            Sit(agent, cancellationToken);
            return ready;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the present agent, and everything it started.</summary>
    public async Task LeaveAsync()
    {
        if (Take(close: false) is { } agent)
        {
            await agent.StopAsync();
            await agent.DisposeAsync();
        }
    }

    /// <summary>Ends the present agent, and lets no other one sit down.</summary>
    public async Task CloseAsync()
    {
        if (Take(close: true) is { } agent)
        {
            await agent.StopAsync();
            await agent.DisposeAsync();
        }
    }

    private void Sit(IAgent agent, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // One that comes up in the very moment the session ends would be left behind, and run on alone.
            Current = _closed ? throw new OperationCanceledException(cancellationToken) : agent;
        }
    }

    private IAgent? Take(bool close)
    {
        lock (_gate)
        {
            _closed |= close;
            var agent = Current;
            Current = null;
            return agent;
        }
    }
}
