using System.Security.Cryptography;
using System.Text;
using Hapi.Processes;
using Hapi.Runner.Handovers;
using Hapi.Runner.State;

namespace Hapi.Runner;

/// <summary>One runner process, from its start to its end. Sessions are never touched by its end.</summary>
public static class RunnerHost
{
    private static readonly TimeSpan s_comeBack = TimeSpan.FromSeconds(5);

    /// <param name="say">Hears each line of the log as it is written.</param>
    /// <param name="signalled">Completes when this process is to end.</param>
    /// <exception cref="RunnerException">Another runner holds this home and does not give way.</exception>
    public static async Task<RunnerEnd> RunAsync(RunnerOptions options, Action<string> say, Task signalled, TimeProvider time)
    {
        var log = new RunnerLog(options.LogPath, say, time);
        var file = new RunnerStateFile(options.Home);
        var executable = new ExecutableFile(options.Command[0]);
        var takeover = new Takeover(options, file, log, time);
        var wish = Wish(options, executable, time);
        using var quit = new CancellationTokenSource();
        _ = signalled.ContinueWith(_ => quit.Cancel(), TaskScheduler.Default);
        try
        {
            return await RunAsync(options, file, executable, takeover, wish, log, time, quit.Token);
        }
        catch (OperationCanceledException) when (quit.IsCancellationRequested)
        {
            return RunnerEnd.Stopped; // between two runners nothing of ours is held
        }
    }

    private static async Task<RunnerEnd> RunAsync(
        RunnerOptions options, RunnerStateFile file, ExecutableFile executable, Takeover takeover, RunnerState wish, RunnerLog log, TimeProvider time, CancellationToken quit)
    {
        var held = RunnerLock.TryTake(options.Home) ?? await takeover.TakeAsync(wish, quit);
        if (held is null)
        {
            return RunnerEnd.AlreadyRunning;
        }

        while (true)
        {
            DaemonEnd end;
            using (held)
            {
                do
                {
                    await using var daemon = await RunnerDaemon.StartAsync(options, file, executable, wish, log, time);
                    await using var signal = quit.Register(() => daemon.End(DaemonEnd.BySignal));
                    end = await daemon.Ended;
                }
                while (end.Restart);
            }

            if (end.Successor is not { } successor)
            {
                log.Line($"The runner has ended ({end.Source}). Its sessions live on.");
                return end == DaemonEnd.ByHub && options.Supervised ? RunnerEnd.RestartWanted : RunnerEnd.Stopped;
            }

            log.Line($"Stepped aside for the runner with pid {successor.Pid}.");
            if (await takeover.StandsAsync(successor, quit))
            {
                log.Line("The successor stands; this runner ends.");
                return RunnerEnd.HandedOver;
            }

            if (await RunnerLock.TakeAsync(options.Home, s_comeBack, time, quit) is not { } again)
            {
                return RunnerEnd.HandedOver; // somebody has it, and will show
            }

            log.Notice("The successor did not stand; this runner goes on.");
            held = again;
        }
    }

    private static RunnerState Wish(RunnerOptions options, ExecutableFile executable, TimeProvider time)
    {
        var me = ProcessIdentity.Current;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Token.Trim())));
        return new RunnerState(
            me.Pid, me.StartTime, "", options.Version, options.HubUrl.ToString(), options.MachineId, hash, options.WorkspaceRoots, options.Argv, now, now, options.LogPath,
            executable.StartedAt, options.HandoverDisabled);
    }
}
