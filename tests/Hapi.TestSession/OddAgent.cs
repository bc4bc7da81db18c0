using Hapi.Agents;

namespace Hapi.TestSession;

/// <summary>An agent inside the session process. It says <c>ready</c> on stdout; each mode is one thing that goes wrong, or ends the session.</summary>
internal sealed class OddAgent(string mode, IAgentHost host) : IAgent
{
    private readonly TaskCompletionSource<AgentExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Timer? _timer;

    public Task<AgentExit> Completion => _completion.Task;

    public async Task<AgentReady> StartAsync(CancellationToken cancellationToken)
    {
        switch (mode)
        {
            case "refuses":
                throw new AgentException("agent_exited", "The odd agent will not work.");
            case "loop":
                throw new InvalidOperationException("The loop failed.");
            case "never-starts":
                Console.WriteLine("ready");
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
        }

        await host.EmitAsync(new NativeSessionChanged("native-1"), cancellationToken);
        Act(cancellationToken);
        Console.WriteLine("ready");
        return new AgentReady(null, null, null, [], [], []);
    }

    public Task<TurnResult> PromptAsync(AgentPrompt prompt, CancellationToken cancellationToken) => Task.FromResult(new TurnResult(TurnEnd.Completed));

    public Task AbortAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ConfigResult> ConfigureAsync(AgentConfig change, CancellationToken cancellationToken) => Task.FromResult(new ConfigResult(null, null, null));

    public async Task<AgentExit> StopAsync()
    {
        switch (mode)
        {
            case "stop-throws":
                throw new InvalidOperationException("The agent cannot be stopped.");
            case "stop-pool":
                var thrown = new TaskCompletionSource();
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    thrown.SetResult();
                    throw new InvalidOperationException("A thread failed during the clean-up.");
                });
                await thrown.Task;
                break;
            case "stop-leaves":
                // The last words of an agent that is stopped: its program is gone, in order.
                _completion.TrySetResult(new AgentExit(0, null));
                await Task.Yield();
                break;
        }

        _completion.TrySetResult(new AgentExit(143, null));
        return await Completion;
    }

    public ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        return default;
    }

    private void Act(CancellationToken cancellationToken)
    {
        switch (mode)
        {
            case "pool":
                ThreadPool.QueueUserWorkItem(_ => throw new InvalidOperationException("A pool thread failed."));
                break;
            case "thread":
                new Thread(() => throw new InvalidOperationException("A thread failed.")).Start();
                break;
            case "timer":
                _timer = new Timer(_ => throw new InvalidOperationException("A timer failed."), null, 1, Timeout.Infinite);
                break;
            case "stop-callback":
                cancellationToken.Register(() => throw new InvalidOperationException("Who was to stop failed at it."));
                break;
            case "leaves":
                _completion.TrySetResult(new AgentExit(0, null));
                break;
            case "fails":
                _completion.TrySetResult(new AgentExit(0, "Odd process exited with code 0", AfterExit.Fails));
                break;
            case "clears":
                _completion.TrySetResult(new AgentExit(0, null, AfterExit.Cleared));
                break;
        }
    }
}
