using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Processes;
using Hapi.Runner.Tests.Stages;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Sessions;

public sealed class AdoptionTests : RunnerStage
{
    [Fact]
    public async Task Killed_and_started_again_it_lists_and_stops_every_session_it_had_and_starts_none_twice()
    {
        var first = await RunnerAsync();
        var own = (await Door.SpawnAsync(new SpawnRequest(Project, Agent: "good"), Token)).SessionId!;
        var terminal = (await SessionAsync()).SessionId;
        await ListedAsync(own, terminal);
        await KillAsync(first);

        await RunnerAsync();
        await ListedAsync(own, terminal);
        Assert.Equal(["runner", "terminal"], (await Door.ListAsync(Token)).Sessions.Select(s => s.StartedBy).Order());
        var processes = Running.List();
        foreach (var session in processes)
        {
            Assert.Equal("stopped", (await Door.StopSessionAsync(new StopSessionRequest(session.SessionId), Token)).Status);
        }

        Assert.DoesNotContain(processes, p => p.Identity.IsAlive());
        await ListedAsync();
        Assert.Equal(2, Started().Count);
    }

    [Fact]
    public async Task What_died_while_no_runner_ran_is_delivered_first_and_then_told_once()
    {
        var session = await SessionAsync();
        Signals.Kill(session.Identity);
        var runner = await RunnerAsync();
        await Hub.HasAsync(FactKinds.ProcessDied, session.SessionId);
        await Eventually.TrueAsync(() => Running.Dead().Count == 0, "its state file is removed", Token);
        Assert.Equal(0, await TerminateAsync(runner));
        await RunnerAsync();
        await Eventually.TrueAsync(async () => (await Door.StatusAsync(Token)).Adopted, "it has adopted", Token);

        var kinds = Hub.Facts.Where(f => f.Owner == session.SessionId || f.Kind == FactKinds.ProcessDied).Select(f => f.Kind);
        Assert.Equal([FactKinds.Message, FactKinds.ProcessDied], kinds);
        var died = Hub.Of(FactKinds.ProcessDied).Single().Body;
        Assert.Equal((session.Pid, session.StartTime), (died.GetProperty("pid").GetInt32(), died.GetProperty("startTime").GetInt64()));
        Assert.Contains(Hub.Hellos, h => h.Role is LinkRoles.Courier && h.SessionId == session.SessionId);
    }

    [Fact]
    public async Task A_death_while_it_runs_is_noticed()
    {
        await RunnerAsync();
        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        Signals.Kill(session.Identity);
        await Hub.HasAsync(FactKinds.ProcessDied, session.SessionId);
        await ListedAsync();
    }

    [Fact]
    public async Task One_that_ended_with_its_word_has_not_died_and_its_word_is_delivered()
    {
        await RunnerAsync();
        var session = await SessionAsync();
        await ListedAsync(session.SessionId);
        Assert.True(await Control.RunningSessions.StopAsync(session, "User terminated", "up", TimeProvider.System, Token));
        await Hub.HasAsync(FactKinds.SessionEnded, session.SessionId);
        await ListedAsync();
        Assert.Empty(Hub.Of(FactKinds.ProcessDied));
    }

    [Fact]
    public async Task While_the_hub_is_away_the_outboxes_of_the_dead_are_free_and_nothing_is_lost()
    {
        await Hub.DieAsync();
        var session = await SessionAsync();
        Signals.Kill(session.Identity);
        await RunnerAsync();
        await Eventually.TrueAsync(async () => (await Door.StatusAsync(Token)).Link is "unreachable", "the hub is away", Token);
        var again = await SessionAsync(id: session.SessionId);
        await ListedAsync(again.SessionId);

        Signals.Kill(again.Identity);
        await Eventually.TrueAsync(() => Running.Dead().Count == 1, "it is dead", Token);
        await Hub.StartAsync();
        await Eventually.TrueAsync(() => Hub.Of(FactKinds.ProcessDied, session.SessionId).Count() == 2, "both deaths are told", Token);
        Assert.Equal(2, Hub.Of(FactKinds.Message, session.SessionId).Count());
    }

    [Fact]
    public async Task A_damaged_outbox_is_reported_and_stops_nothing()
    {
        var (bad, good) = (await SessionAsync(), await SessionAsync());
        Signals.Kill(bad.Identity);
        Signals.Kill(good.Identity);
        await Eventually.TrueAsync(() => Running.Dead().Count == 2, "both are dead", Token);
        File.Delete(Path.Combine(Home, "outbox", bad.SessionId + ".db-wal"));
        await File.WriteAllTextAsync(Path.Combine(Home, "outbox", bad.SessionId + ".db"), new string('x', 8192), Token);

        await RunnerAsync();
        await Hub.HasAsync(FactKinds.ProcessDied, bad.SessionId);
        await Hub.HasAsync(FactKinds.ProcessDied, good.SessionId);
        Assert.Contains((await Door.StatusAsync(Token)).Notices, n => n.Contains(bad.SessionId, StringComparison.Ordinal) && n.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stale_pid_that_is_another_programs_by_now_is_told_as_dead_and_never_signalled()
    {
        await using var stranger = ChildProcess.Start(new ChildStart("/bin/sleep", ["600"]));
        var id = Guid.NewGuid().ToString();
        Running.Write(new Control.ProcessState(id, stranger.Id, ProcessIdentity.Of(stranger.Id)!.Value.StartTime - 100, Path.Combine(Home, "run", "none.sock"), "good", Project, "runner", 1));
        await RunnerAsync();
        Assert.Equal("already_gone", (await Door.StopSessionAsync(new StopSessionRequest(id), Token)).Status);
        await Hub.HasAsync(FactKinds.ProcessDied, id);
        Assert.False(stranger.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_hub_that_has_forgotten_everything_is_told_anew()
    {
        await RunnerAsync();
        var session = await SessionAsync();
        await Hub.HasAsync(FactKinds.ProcessStarted, session.SessionId);
        Hub.Forget();
        Hub.Cut();
        await Eventually.TrueAsync(() => Hub.Of(FactKinds.MachineOpened).Count() == 2 && Hub.Of(FactKinds.ProcessStarted).Count() == 2, "it introduces itself and its sessions anew", Token);
        await ListedAsync(session.SessionId);
    }
}
