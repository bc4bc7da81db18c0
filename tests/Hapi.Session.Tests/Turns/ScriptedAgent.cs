using System.Threading.Channels;
using Hapi.Agents;

namespace Hapi.Session.Tests.Turns;

/// <summary>An agent that does what a test says, turn by turn.</summary>
internal sealed class ScriptedAgent(IAgentHost host) : IAgent
{
    private readonly TaskCompletionSource<AgentExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<(string Text, TaskCompletionSource<TurnResult> Turn)> _given = Channel.CreateUnbounded<(string, TaskCompletionSource<TurnResult>)>();

    /// <summary>Completes the start; a start that nobody completes goes on for ever, also when it is cancelled.</summary>
    public TaskCompletionSource<AgentReady> Starts { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static AgentReady Ready { get; } = new(null, null, null, [], [], []);

    public IAgentHost Host => host;

    public bool WasStopped { get; private set; }

    public bool WasDisposed { get; private set; }

    public Task<AgentExit> Completion => _completion.Task;

    /// <summary>How many prompts it has that nobody took.</summary>
    public int Given => _given.Reader.Count;

    /// <summary>The next prompt, and what ends its turn.</summary>
    public async Task<(string Text, TaskCompletionSource<TurnResult> Turn)> NextAsync() => await _given.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Leave(AgentExit exit) => _completion.TrySetResult(exit);

    public Task<AgentReady> StartAsync(CancellationToken cancellationToken) => Starts.Task;

    public Task<TurnResult> PromptAsync(AgentPrompt prompt, CancellationToken cancellationToken)
    {
        prompt.OnGiven?.Invoke();
        var turn = new TaskCompletionSource<TurnResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _given.Writer.TryWrite((prompt.Text, turn));
        return turn.Task;
    }

    public Task AbortAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ConfigResult> ConfigureAsync(AgentConfig change, CancellationToken cancellationToken) => Task.FromResult(new ConfigResult(null, null, null));

    public Task<AgentExit> StopAsync()
    {
        WasStopped = true;
        Leave(new AgentExit(143, null));
        return Completion;
    }

    public ValueTask DisposeAsync()
    {
        WasDisposed = true;
        return default;
    }
}
