using System.Text.Json;
using System.Threading.Channels;

namespace Hapi.Hub.Tests.Support;

/// <summary>A runner's side of the link, spoken by hand.</summary>
public sealed class RunnerClient(LinkClient link) : IAsyncDisposable
{
    private readonly Channel<JsonElement> _spawns = Channel.CreateUnbounded<JsonElement>();

    public LinkClient Link => link;

    /// <summary>How many spawns nobody has looked at yet.</summary>
    public int WaitingSpawns => _spawns.Reader.Count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Connects, says hello and opens its machine.</summary>
    public static async Task<RunnerClient> OpenAsync(TestHub hub, string machine = "m1", string? accessToken = null, long generation = 1, object? metadata = null)
    {
        var runner = new RunnerClient(await LinkClient.ConnectAsync(hub, accessToken));
        await runner.Link.HelloAsync("runner", machine, generation);
        await runner.Link.AppendAsync(Facts.MachineOpened(machine, metadata));
        runner.AnswersSpawns(p => $$"""{"type":"success","sessionId":"{{p.GetProperty("existingSessionId").GetString()}}"}""");
        runner.Link.Serve("stop-session", _ => """{"status":"stopped"}""");
        return runner;
    }

    /// <summary>How it answers from now on; the requests can be looked at with <see cref="SpawnAsync"/>.</summary>
    public void AnswersSpawns(Func<JsonElement, string> answer) => link.Serve("spawn-happy-session", p =>
    {
        var args = p.GetProperty("args");
        _spawns.Writer.TryWrite(args);
        return answer(args);
    });

    /// <summary>The next spawn that it was asked for.</summary>
    public async Task<JsonElement> SpawnAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await _spawns.Reader.ReadAsync(patience.Token);
    }

    public Task<long> AppendAsync(params string[] facts) => link.AppendAsync(facts);

    public Task HealthAsync(object health) => link.LiveAsync(new { machineId = link.SessionId, health });

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
