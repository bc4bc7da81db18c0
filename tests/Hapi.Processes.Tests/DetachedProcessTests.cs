using Hapi.TestKit;

namespace Hapi.Processes.Tests;

public sealed class DetachedProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_detached_child_survives_the_kill_of_the_process_that_started_it()
    {
        using var folder = new TempFolder();
        ProcessIdentity detached;
        await using (var parent = ChildProcess.Start(new ChildStart(Environment.ProcessPath!, [DetachedParent.Argument, folder["log"]])))
        {
            using var output = new StreamReader(parent.Output);
            detached = ProcessIdentity.Of(int.Parse((await output.ReadLineAsync(Token))!)) ?? throw new InvalidOperationException("It has not started.");
            var report = await parent.StopAsync([StopStep.KillTree], TimeSpan.FromSeconds(10));
            Assert.Equal(128 + 9, report.ExitCode);
        }

        try
        {
            Assert.True(detached.IsAlive());
        }
        finally
        {
            Signals.Kill(detached);
        }
    }

    [Fact]
    public void A_missing_program_is_named() =>
        Assert.Throws<ProgramNotFoundException>(() => DetachedProcess.Start(new ChildStart("/no/such/program", []), Path.GetTempFileName()));

    [Fact]
    public void A_log_that_cannot_be_written_is_told() =>
        Assert.ThrowsAny<IOException>(() => DetachedProcess.Start(new ChildStart("/bin/sh", []), "/no/such/folder/log"));

    [Fact]
    public async Task One_that_has_ended_at_once_is_not_alive()
    {
        using var folder = new TempFolder();
        var gone = DetachedProcess.Start(new ChildStart("/bin/true", []), folder["log"]);
        await Eventually.TrueAsync(() => !gone.IsAlive(), "it has ended", Token);
    }
}
