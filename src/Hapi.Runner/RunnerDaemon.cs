using Hapi.Control;
using Hapi.Link;
using Hapi.Processes;
using Hapi.Runner.Doors;
using Hapi.Runner.Handovers;
using Hapi.Runner.Machines;
using Hapi.Runner.Reopenings;
using Hapi.Runner.Sessions;
using Hapi.Runner.Spawns;
using Hapi.Runner.State;
using Hapi.Workspace.Machines;
using Hapi.Workspace.Paths;
using Hapi.Workspace.Worktrees;

namespace Hapi.Runner;

/// <summary>A runner at work: everything between taking the lock and letting go of it. The sessions are not part of it; they live on.</summary>
internal sealed class RunnerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan s_healthEvery = TimeSpan.FromSeconds(20), s_lastFlush = TimeSpan.FromMilliseconds(500), s_beforeStop = TimeSpan.FromMilliseconds(100), s_look = TimeSpan.FromMilliseconds(100);
    private readonly RunnerOptions _options;
    private readonly RunnerStateFile _file;
    private readonly RunnerLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<DaemonEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Outbox _outbox;
    private readonly HubLink _link;
    private readonly ControlDoor _door;
    private readonly SessionRoster _roster = new();
    private readonly SessionScopes _scopes;
    private readonly SessionWatch _watch;
    private readonly DeathDesk _deaths;
    private readonly MachineReport _report;
    private readonly Reopening _reopening;
    private readonly Replacement _replacement;
    private readonly HealthProbe _health;
    private readonly TaskCompletionSource _adopted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunnerState _state;
    private Task _working = Task.CompletedTask;

    private RunnerDaemon(RunnerOptions options, RunnerStateFile file, ExecutableFile executable, RunnerState wish, Outbox outbox, RunnerLog log, TimeProvider time)
    {
        (_options, _file, _outbox, _log, _time) = (options, file, outbox, log, time);
        var running = new RunningSessions(options.Home);
        var facts = new RunnerFacts(outbox, time);
        var roots = new WorkspaceRoots(options.WorkspaceRoots);
        var worktrees = new WorktreeDesk(roots, time);
        var stops = new StopDesk(running, _roster, new StopLadder(options.StopPatience, time), facts, log, _ending.Token);
        _deaths = new DeathDesk(options, running, _roster, facts, log, time);
        _watch = new SessionWatch(running, _roster, stops, _deaths, facts, log, time);
        _scopes = new SessionScopes(OperatingSystem.IsLinux() ? Executables.Find("systemd-run", Environment.GetEnvironmentVariable("PATH")) : null, time);
        var starter = new SessionStarter(options, _scopes, _roster, _watch, stops, _deaths, log, time);
        var spawns = new SpawnDesk(new SpawnPlaces(options.Agents, new SessionFolders(roots), worktrees, log), starter, _roster, running, log, _ending.Token);
        var actions = new RunnerActions(spawns, stops, _roster, new MachineFolders(roots), worktrees);
        _report = new MachineReport(options, executable, facts, time);
        _replacement = new Replacement(options, executable, log, time);
        _health = new HealthProbe(time);
        _link = new HubLink(
            new LinkOptions(options.HubUrl, options.Token, options.MachineId, options.Version, Contracts.Link.LinkRoles.Runner), outbox, new MachineHandler(actions, () => EndSoon(DaemonEnd.ByHub)), time);
        _reopening = new Reopening(options.MachineId, _link, log, time);
        _door = ControlDoor.Open(options.Home, "runner", new DoorHandler(actions, _watch, _roster, facts, Status, StopAtDoor));
        _state = wish with { Control = _door.Address };
        spawns.Finished += (failure, process) => _ = _report.SpawnFinishedAsync(failure, process);
        _link.StateChanged += OnLink;
    }

    /// <summary>Completes when somebody wants the runner to end, or it has to begin anew.</summary>
    public Task<DaemonEnd> Ended => _ended.Task;

    /// <summary>Takes up the work. Only for who holds the lock.</summary>
    public static async Task<RunnerDaemon> StartAsync(RunnerOptions options, RunnerStateFile file, ExecutableFile executable, RunnerState wish, RunnerLog log, TimeProvider time)
    {
        if (file.SetAsideDamaged(time) is { } damage)
        {
            log.Notice(damage);
        }

        var daemon = new RunnerDaemon(options, file, executable, wish, OpenOutbox(options, log, time), log, time);
        await daemon._report.OpenAsync();
        await TellNotesAsync(options, new RunnerFacts(daemon._outbox, time));
        await daemon._watch.LookAsync();
        daemon._deaths.EndedAll();
        daemon.Beat();
        daemon._link.Start();
        daemon._working = daemon.WorkAsync(daemon._ending.Token);
        log.Line($"The runner {options.Version} runs (pid {Environment.ProcessId}) for machine {options.MachineId} and {options.HubUrl}. Sessions found: {daemon._roster.Live.Count}.");
        return daemon;
    }

    public void End(DaemonEnd how) => _ended.TrySetResult(how);

    public async ValueTask DisposeAsync()
    {
        _link.StateChanged -= OnLink;
        await _ending.CancelAsync();
        await _report.ShuttingDownAsync(_ended.Task.IsCompletedSuccessfully ? (await _ended.Task).Source : "unknown");
        await Task.WhenAll(_link.FlushAsync(s_lastFlush), _door.DisposeAsync().AsTask());
        await _working.ContinueWith(_ => { }, TaskScheduler.Default);
        await _link.DisposeAsync();
        await _outbox.DisposeAsync();
        _file.Remove(_state);
        _watch.Dispose();
        _deaths.Dispose();
        _ending.Dispose();
    }

    private static Outbox OpenOutbox(RunnerOptions options, RunnerLog log, TimeProvider time)
    {
        var path = Path.Combine(options.Home, "outbox", $"runner-{options.MachineId}.db");
        try
        {
            return Outbox.Open(path, time);
        }
        catch (OutboxException ex) when (ex.Code is "outbox_damaged")
        {
            log.Notice(ex.Message);
            return Outbox.Open(path, time);
        }
    }

    // Before any death is told: what somebody wanted ended is not interrupted.
    private static async Task TellNotesAsync(RunnerOptions options, RunnerFacts facts)
    {
        var notes = new StopNotes(options.Home);
        foreach (var note in notes.List())
        {
            await facts.StoppedAsync(note);
            notes.Remove(note);
        }
    }

    private Task WorkAsync(CancellationToken cancellationToken) => Task.WhenAll(
        LoopAsync(() => _watch.RunAsync(cancellationToken)),
        LoopAsync(() => _deaths.RunAsync(() => _link.State is LinkState.Connected, cancellationToken)),
        LoopAsync(() => _scopes.AvailableAsync().WaitAsync(cancellationToken)),
        LoopAsync(() => AdoptAsync(cancellationToken)),
        LoopAsync(() => EveryAsync(s_healthEvery, TellHealthAsync, cancellationToken)),
        LoopAsync(() => EveryAsync(_options.HeartbeatEvery, BeatAsync, cancellationToken)),
        LoopAsync(() => _options.ReopenInterrupted ? _reopening.RunAsync(_adopted.Task, cancellationToken) : Task.CompletedTask));

    // What fails here is told, and never takes the rest along.
    private async Task LoopAsync(Func<Task> work)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await Task.Run(work, CancellationToken.None);
                return;
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex)
            {
                _log.Notice($"Something failed in the runner: {ex.GetType().Name}: {ex.Message}");
                await Task.Delay(s_healthEvery, _time, _ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task EveryAsync(TimeSpan period, Func<Task> tick, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period, _time);
        do
        {
            await tick();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        while (!_deaths.IsIdle)
        {
            await Task.Delay(s_look, _time, cancellationToken);
        }

        _adopted.TrySetResult();
    }

    private async Task TellHealthAsync()
    {
        _link.SetHealth(_health.Take());
        await _report.LookAtExecutableAsync();
    }

    private Task BeatAsync()
    {
        if (_file.SetAsideDamaged(_time) is { } damage)
        {
            _log.Notice(damage);
        }

        Beat();
        _replacement.StartIfWanted();
        return Task.CompletedTask;
    }

    private void Beat()
    {
        _state = _state with { LastHeartbeat = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        _file.Write(_state);
    }

    private void StopAtDoor(RunnerStopRequest request) => EndSoon(request.Successor is { } successor ? DaemonEnd.Aside(successor) : DaemonEnd.ByCommand);

    // The answer goes out first.
    private void EndSoon(DaemonEnd how) => _ = Task.Delay(s_beforeStop, _time, CancellationToken.None).ContinueWith(_ => End(how), TaskScheduler.Default);

    private void OnLink()
    {
        if (_link.Forgotten)
        {
            _log.Notice("The hub has forgotten this machine; the runner introduces itself anew.");
            End(DaemonEnd.Anew);
            return;
        }

        _log.Line(_link.State is LinkState.Connected ? "Connected to the hub." : _link.Problem ?? "Connecting to the hub.");
        _deaths.Wake();
    }

    private RunnerStatus Status() => new(
        _state.Pid, _state.StartTime, _options.Version, _options.HubUrl.ToString(), _options.MachineId, _link.State.ToString().ToLowerInvariant(), _link.Problem,
        _options.WorkspaceRoots, _roster.Live.Count, _adopted.Task.IsCompleted, _scopes.Available, _options.Supervised, _state.StartedAt, _options.LogPath, _log.Notices,
        _options.ReopenInterrupted ? _reopening.Status : null);
}
