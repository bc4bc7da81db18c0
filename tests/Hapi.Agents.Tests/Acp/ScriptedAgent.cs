using System.Text.Json;
using Hapi.Agents.Acp;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Acp;

/// <summary>The adapter with a program that the test speaks for, and a clock that the test moves.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    public ScriptedAgent(Func<PermissionAsk, CancellationToken, Task<PermissionDecision>>? answer = null, AgentStart? start = null)
    {
        Host = new RecordingHost(answer);
        Agent = new AcpAgent(start ?? new AgentStart("acp", "/home/dev/proj", new Dictionary<string, string>(), Command: ["agent"]), Host, Clock, (_, _) => Program);
    }

    public ManualClock Clock { get; } = new();

    public ScriptedProgram Program { get; } = new();

    public RecordingHost Host { get; }

    public AcpAgent Agent { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<AgentReady> OpenAsync(
        string agent = """{"protocolVersion":1,"agentCapabilities":{}}""", string opened = """{"sessionId":"s1"}""", string method = "session/new")
    {
        var starting = Agent.StartAsync(Token);
        await Program.OpenAsync(agent, opened, method);
        return await starting;
    }

    /// <summary>Prompts, and gives the turn with the request the agent heard.</summary>
    public async Task<(Task<TurnResult> Turn, JsonElement Request)> PromptAsync(string text = "go")
    {
        var turn = Agent.PromptAsync(new AgentPrompt(text), Token);
        return (turn, await Program.HearAsync("session/prompt"));
    }

    /// <summary>Ends the turn from the agent's side and lets the time for late words pass.</summary>
    public async Task<TurnResult> EndAsync(Task<TurnResult> turn, JsonElement request, string result = """{"stopReason":"end_turn"}""")
    {
        Program.Answer(request, result);
        return await PassAsync(turn);
    }

    /// <summary>Moves the clock in small steps until it is done.</summary>
    public async Task<T> PassAsync<T>(Task<T> task)
    {
        await Eventually.TrueAsync(() =>
        {
            if (!task.IsCompleted && Program.IsHeard)
            {
                Clock.FireWithin(TimeSpan.FromMilliseconds(250));
            }

            return task.IsCompleted;
        }, "the task is done", Token);
        return await task;
    }

    public Task HeardAsync() => Eventually.TrueAsync(() => Program.IsHeard, "everything is heard", Token);

    public void AskPermission(string id, string callId, string options = """[{"optionId":"y","name":"Yes","kind":"allow_once"},{"optionId":"n","name":"No","kind":"reject_once"}]""") => Program.Say(
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"session/request_permission","params":{"sessionId":"s1","toolCall":{"toolCallId":"{{{callId}}}","title":"ls","kind":"execute","rawInput":{"command":"ls"}},"options":{{{options}}}}}""");

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        await Agent.DisposeAsync();
    }
}
