using System.Text;
using Hapi.TestKit;

namespace Hapi.Processes.Tests;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_and_arguments_pass_unchanged()
    {
        await using var child = Shell("cat; printf '%s|' \"$@\"", "two words", "é\"'$HOME*", "");
        await child.Input.WriteAsync(Encoding.UTF8.GetBytes("grüße 😀\n"), Token);
        child.Input.Close();
        using var output = new StreamReader(child.Output);

        Assert.Equal("grüße 😀\ntwo words|é\"'$HOME*||", await output.ReadToEndAsync(Token));
        Assert.Equal(0, (await child.Completion).ExitCode);
    }

    [Fact]
    public async Task A_crash_is_a_report_with_the_end_of_stderr()
    {
        await using var child = Shell("echo one >&2; echo two >&2; exit 3");
        Assert.Equal(new ExitReport(3, "one\ntwo"), await child.Completion);
    }

    [Fact]
    public async Task A_flood_of_stderr_does_not_block_the_child()
    {
        await using var child = Shell("yes 'a line of noise' | head -n 200000 >&2; echo done");
        using var output = new StreamReader(child.Output);
        Assert.Equal("done\n", await output.ReadToEndAsync(Token));
        Assert.True((await child.Completion).StderrTail.Length < 200_000);
    }

    [Fact]
    public void A_missing_program_is_named()
    {
        var missing = Assert.Throws<ProgramNotFoundException>(() => ChildProcess.Start(new ChildStart("no-such-program-anywhere", [])));
        Assert.Equal("no-such-program-anywhere", missing.Program);
    }

    [Fact]
    public void A_missing_folder_is_not_a_missing_program() =>
        Assert.Throws<DirectoryNotFoundException>(() => ChildProcess.Start(new ChildStart("/bin/sh", [], "/no/such/folder")));

    [Fact]
    public async Task A_listener_that_fails_does_not_hide_how_the_child_ended()
    {
        await using var child = ChildProcess.Start(new ChildStart("/bin/sh", ["-c", "echo oops >&2; exit 4"], OnErrorLine: _ => throw new InvalidOperationException("listener")));
        Assert.Equal(4, (await child.Completion).ExitCode);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("KILL", 9)]
    [InlineData("SEGV", 11)]
    public async Task A_child_ended_by_a_signal_reports_128_and_its_number(string name, int number)
    {
        await using var child = Shell($"kill -{name} $$");
        Assert.Equal(128 + number, (await child.Completion).ExitCode);
    }

    [Fact]
    public async Task A_child_gets_exactly_the_environment_it_is_given_and_a_mark()
    {
        await using var child = ChildProcess.Start(new ChildStart("/usr/bin/env", [], Environment: new Dictionary<string, string> { ["ONLY"] = "this" }));
        using var output = new StreamReader(child.Output);
        var names = (await output.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]);
        Assert.Equal(["HAPI_PROCESS_MARK", "ONLY"], names.Order());
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("sh")]
    public async Task A_child_with_a_session_of_its_own_keeps_its_pid(string program)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid(1) is Linux's.");
        await using var child = ChildProcess.Start(new ChildStart(program, ["-c", "echo $$; cat"], OwnSession: true));

        Assert.Equal(child.Id.ToString(), await ReadLineAsync(child));
        Assert.Equal(child.Id, ProcStat.Read(child.Id)?.Session);
    }

    [Fact]
    public async Task An_agent_that_ignores_every_signal_is_killed()
    {
        await using var child = Shell("trap '' INT TERM HUP; echo ready; while :; do sleep 1; done");
        await ReadLineAsync(child);

        var report = await child.StopAsync([StopStep.CloseInput, StopStep.Interrupt, StopStep.Terminate], s_patience);

        Assert.Equal(128 + 9, report.ExitCode);
    }

    [Fact]
    public async Task The_first_step_that_works_is_the_last_one_taken()
    {
        await using var child = Shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        await ReadLineAsync(child);
        Assert.Equal(7, (await child.StopAsync([StopStep.Terminate], TimeSpan.FromSeconds(10))).ExitCode);
    }

    [Theory]
    [InlineData("sleep 600 & echo $!; wait")]
    [InlineData("(trap '' INT TERM HUP; setsid sleep 600 & echo $!) ; sleep 600")]
    [InlineData("setsid sh -c 'trap \"\" TERM; sleep 600 & echo $!; exit 0'; sleep 600")]
    [InlineData("env -i /bin/sh -c 'sleep 600 & echo $!; wait'; sleep 600")]
    [InlineData("(setsid sh -c '(setsid sleep 600 & echo $!) & sleep 600' &) ; sleep 600")]
    public async Task A_stopped_child_leaves_no_descendant_behind(string script)
    {
        await using var child = Shell(script);
        var descendant = ProcessIdentity.Of(int.Parse(await ReadLineAsync(child)));
        Assert.NotNull(descendant);

        await child.StopAsync([StopStep.Terminate], s_patience);

        await Eventually.TrueAsync(() => !descendant.Value.IsAlive(), "the descendant is gone", Token);
    }

    [Fact]
    public async Task A_session_of_its_own_is_ended_whole_even_without_the_mark()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid(1) is Linux's.");
        await using var child = ChildProcess.Start(new ChildStart("/bin/sh", ["-c", "env -i /bin/sh -c 'sleep 600 & echo $!'; exit 0"], OwnSession: true));
        var descendant = ProcessIdentity.Of(int.Parse(await ReadLineAsync(child)));
        await child.Completion;
        Assert.NotNull(descendant);

        await child.StopAsync([], s_patience);

        await Eventually.TrueAsync(() => !descendant.Value.IsAlive(), "the descendant is gone", Token);
    }

    [Fact]
    public async Task A_child_that_ended_by_itself_leaves_no_descendant_behind_when_disposed()
    {
        ProcessIdentity? left;
        await using (var child = Shell("setsid sleep 600 & echo $!"))
        {
            left = ProcessIdentity.Of(int.Parse(await ReadLineAsync(child)));
            await child.Completion;
        }

        Assert.NotNull(left);
        await Eventually.TrueAsync(() => !left.Value.IsAlive(), "the descendant is gone", Token);
    }

    [Fact]
    public async Task A_detached_child_survives_its_parent()
    {
        using var folder = new TempFolder();
        var detached = DetachedProcess.Start(new ChildStart("/bin/sh", ["-c", "echo alive; exec sleep 600"], folder.Path), folder["log"]);
        try
        {
            await Eventually.TrueAsync(() => File.ReadAllText(folder["log"]) == "alive\n", "it has written its log", Token);
            // Its parent is not this process any more: nothing of ours ends with it, nor it with us.
            Assert.NotEqual(Environment.ProcessId, ProcStat.Read(detached.Pid)?.Parent);
            Assert.NotEqual(ProcStat.Read(Environment.ProcessId)?.Session, ProcStat.Read(detached.Pid)?.Session);
            Assert.True(detached.IsAlive());
        }
        finally
        {
            Assert.True(Signals.Kill(detached));
        }

        await Eventually.TrueAsync(() => !detached.IsAlive(), "it is gone", Token);
        Assert.False(Signals.Terminate(detached));
    }

    [Fact]
    public void A_pid_with_another_start_time_is_another_process()
    {
        var self = ProcessIdentity.Current;
        Assert.True(self.IsAlive());
        Assert.False((self with { StartTime = self.StartTime + 1 }).IsAlive());
    }

    private static ChildProcess Shell(string script, params string[] arguments) =>
        ChildProcess.Start(new ChildStart("/bin/sh", ["-c", script, "sh", .. arguments]));

    private static async Task<string> ReadLineAsync(ChildProcess child)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await child.Output.ReadAsync(one, Token) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
