using System.Globalization;
using System.Text.Json;
using Hapi.Control;
using Hapi.Contracts.Link;
using Hapi.Processes;
using Hapi.Session.Records;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Lifecycles;

/// <summary>A session process of its own, without a hub, whose agent does what a mode says.</summary>
internal sealed class StagedSession : IAsyncDisposable
{
    private const string Id = "0b8b7c1e-5a53-4c8a-9a4f-2f6f0a1d3c5e";
    private readonly TempFolder _home = new();
    private readonly ChildProcess _process;
    private readonly StreamReader _out;

    public StagedSession(string mode)
    {
        var program = SourceTree.At("artifacts", "bin", "Hapi.TestSession", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Hapi.TestSession");
        var environment = new Dictionary<string, string> { ["HOME"] = _home.Path, ["LANG"] = "C.UTF-8", ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } runtime)
        {
            environment["DOTNET_ROOT"] = runtime;
        }

        _process = ChildProcess.Start(new ChildStart(program, [_home.Path, Id, mode], _home.Path, environment, OwnSession: true));
        _out = new StreamReader(_process.Output);
    }

    public SessionRecord Record => new SessionRecords(_home.Path).Find(Id)!;

    public async Task<StagedSession> ReadyAsync()
    {
        Assert.Equal("ready", await _out.ReadLineAsync(TestContext.Current.CancellationToken));
        return this;
    }

    public async Task SignalAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await using var kill = ChildProcess.Start(new ChildStart("/bin/kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]));
            await kill.Completion;
        }
    }

    /// <summary>Stops it at its door, as the runner does.</summary>
    public async Task StopAsync(string reason, string by) =>
        Assert.True(await RunningSessions.StopAsync(Assert.Single(new RunningSessions(_home.Path).List()), reason, by, TimeProvider.System, TestContext.Current.CancellationToken));

    /// <summary>Waits for the end. Gives what the last fact says, and the exit code of the process.</summary>
    public async Task<(string Reason, string ArchiveReason, string Cause, int ExitCode)> EndedAsync()
    {
        var exit = await _process.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var facts = OutboxFacts.Read(Path.Combine(_home.Path, "outbox", Id + ".db"));
        var ended = Assert.Single(facts, f => f.GetProperty("kind").GetString() is FactKinds.SessionEnded);
        Assert.Equal(ended, facts[^1], JsonElement.DeepEquals);
        Assert.Equal("cli", ended.GetProperty("archivedBy").GetString());
        return (ended.GetProperty("reason").GetString()!, ended.GetProperty("archiveReason").GetString()!, ended.GetProperty("cause").GetString()!, exit.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _out.Dispose();
        _home.Dispose();
    }
}
