using Hapi.Control;
using Hapi.Doctor;
using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.Cli.Tests.Doctor;

/// <summary>The cleanup ends what is provably this home's, and nothing else: with real processes.</summary>
public sealed class CleanupTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<ChildProcess> _children = [];

    private string Home => _folder["home"];

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children)
        {
            await child.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_pid_that_another_program_has_by_now_is_never_touched_and_the_stale_file_goes()
    {
        var stranger = Start(Home);
        var state = Leave(stranger with { StartTime = stranger.StartTime + 1 });
        Assert.Equal("already_gone", Assert.Single(await CleanAsync()).Outcome);
        Assert.True(stranger.IsAlive());
        Assert.False(File.Exists(FileOf(state)));
        // That it is gone must still be told.
        Assert.Equal(("already_gone", "doctor-clean"), Assert.Single(new StopNotes(Home).List()) is var note ? (note.Outcome, note.Why) : default);
    }

    [Fact]
    public async Task Another_users_process_is_never_touched()
    {
        // Init is somebody else's for everybody but root, who can start a process as somebody else.
        var foreign = ProcessOwner.IsSameUser(1) is true ? Start(Home, "/usr/bin/setpriv", "--reuid=65534", "--clear-groups", "--", "/bin/sleep", "60") : ProcessIdentity.Of(1)!.Value;
        await Eventually.TrueAsync(() => ProcessOwner.IsSameUser(foreign.Pid) is false, "it runs as another user", TestContext.Current.CancellationToken);
        var state = Leave(foreign);
        var outcome = Assert.Single(await CleanAsync());
        Assert.Equal(("untouched", "it runs as another user"), (outcome.Outcome, outcome.Why));
        Assert.True(foreign.IsAlive());
        Assert.True(File.Exists(FileOf(state)));
    }

    [Fact]
    public async Task A_process_of_another_home_is_never_touched_though_its_state_file_was_copied_here()
    {
        var elsewhere = Start(_folder["other"]);
        Leave(elsewhere);
        var outcome = Assert.Single(await CleanAsync());
        Assert.Equal("untouched", outcome.Outcome);
        Assert.Contains(_folder["other"], outcome.Why, StringComparison.Ordinal);
        Assert.True(elsewhere.IsAlive());
    }

    [Fact]
    public async Task A_session_that_a_person_started_is_no_runaway()
    {
        var mine = Start(Home);
        Leave(mine, startedBy: "terminal");
        Assert.Empty(await CleanAsync());
        Assert.True(mine.IsAlive());
    }

    [Fact]
    public async Task A_session_that_cannot_be_asked_gets_a_signal_and_a_note_says_who_wanted_it()
    {
        var process = Start(Home);
        var state = Leave(process);
        Assert.Equal("terminated", Assert.Single(await CleanAsync()).Outcome);
        Assert.False(process.IsAlive());
        Assert.False(File.Exists(FileOf(state)));
        Assert.Equal((state.SessionId, "terminated", "doctor"), Assert.Single(new StopNotes(Home).List()) is var note ? (note.SessionId, note.Outcome, note.By) : default);
    }

    [Fact]
    public async Task A_session_that_ignores_the_signal_is_killed()
    {
        var process = Start(Home, "/bin/sh", "-c", "trap '' TERM; echo deaf > \"$1\"; while :; do sleep 0.2; done", "sh", _folder["deaf"]);
        await Eventually.TrueAsync(() => File.Exists(_folder["deaf"]), "it is deaf", TestContext.Current.CancellationToken);
        Leave(process);
        Assert.Equal("killed", Assert.Single(await CleanAsync()).Outcome);
        Assert.False(process.IsAlive());
        Assert.Equal("killed", Assert.Single(new StopNotes(Home).List()).Outcome);
    }

    [Fact]
    public async Task The_runner_goes_last_and_its_file_with_it()
    {
        var (session, runner) = (Start(Home), Start(Home));
        Leave(session);
        LeaveRunner($$"""{"pid":{{runner.Pid}},"startTime":{{runner.StartTime}},"control":"{{_folder["nowhere"]}}","version":"0.1.0"}""");
        Assert.Equal(["session", "runner"], (await CleanAsync()).Select(o => o.Kind));
        Assert.False(session.IsAlive() || runner.IsAlive());
        Assert.False(File.Exists(RunnerFile.PathIn(Home)));
    }

    [Theory]
    [InlineData("{ half")]
    [InlineData("""{"pid":1,"httpPort":4711,"startedWithCliVersion":"0.29.0"}""")]
    public async Task A_runner_file_of_another_shape_stays_as_it_is(string content)
    {
        LeaveRunner(content);
        Assert.Empty(await CleanAsync());
        Assert.Equal(content, await File.ReadAllTextAsync(RunnerFile.PathIn(Home), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_dry_run_only_says_what_would_be_done()
    {
        var process = Start(Home);
        var live = Leave(process);
        var dead = Leave(process with { StartTime = 1 });
        LeaveRunner($$"""{"pid":{{process.Pid}},"startTime":1,"control":"/nowhere"}""");
        Assert.Equal(["would-end", "would-remove", "would-remove"], (await CleanAsync(dryRun: true)).Select(o => o.Outcome));
        Assert.True(process.IsAlive());
        Assert.True(File.Exists(FileOf(live)) && File.Exists(FileOf(dead)) && File.Exists(RunnerFile.PathIn(Home)));
        Assert.Empty(new StopNotes(Home).List());
    }

    private Task<IReadOnlyList<CleanedProcess>> CleanAsync(bool dryRun = false) => new Cleanup(Home, dryRun, new FastTime()).RunAsync(_ => { }, TestContext.Current.CancellationToken);

    private ProcessIdentity Start(string home, params string[] command)
    {
        string[] line = command.Length > 0 ? command : ["/bin/sleep", "60"];
        var child = ChildProcess.Start(new ChildStart(line[0], line[1..], Environment: new Dictionary<string, string> { ["HAPI_HOME"] = home, ["PATH"] = "/usr/bin:/bin" }));
        _children.Add(child);
        return ProcessIdentity.Of(child.Id)!.Value;
    }

    private ProcessState Leave(ProcessIdentity process, string startedBy = "runner")
    {
        var state = new ProcessState(Guid.NewGuid().ToString(), process.Pid, process.StartTime, _folder["nowhere"], "demo", "/", startedBy, 0);
        new RunningSessions(Home).Write(state);
        return state;
    }

    private void LeaveRunner(string content)
    {
        Directory.CreateDirectory(Home);
        File.WriteAllText(RunnerFile.PathIn(Home), content);
    }

    private string FileOf(ProcessState state) => Path.Combine(Home, "run", state.SessionId + ".json");
}
