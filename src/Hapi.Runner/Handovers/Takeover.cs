using System.Text.Json;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Runner.Doors;
using Hapi.Runner.State;

namespace Hapi.Runner.Handovers;

/// <summary>Which of two runners of one home serves it.</summary>
internal sealed class Takeover(RunnerOptions options, RunnerStateFile file, RunnerLog log, TimeProvider time)
{
    private static readonly TimeSpan s_shows = TimeSpan.FromSeconds(5), s_leaves = TimeSpan.FromSeconds(30), s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Gives the lock, or <see langword="null"/> when the runner that holds it serves what <paramref name="wish"/> wants.</summary>
    /// <exception cref="RunnerException"><c>runner_busy</c>.</exception>
    public async Task<RunnerLock?> TakeAsync(RunnerState wish, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); ; await Task.Delay(s_look, time, cancellationToken))
        {
            if (RunnerLock.TryTake(options.Home) is { } free)
            {
                return free;
            }

            if (file.Read().Running is { } other && other.Pid != Environment.ProcessId)
            {
                return await DecideAsync(other, wish, cancellationToken);
            }

            if (time.GetElapsedTime(begun) >= s_shows)
            {
                throw new RunnerException("runner_busy", $"Another runner holds {file.Path}.lock, and {file.Read().Problem ?? "its state file is not there"}. End that process, or wait for its next heartbeat.");
            }
        }
    }

    /// <summary>Waits until another runner stands in this one's place. Gives <see langword="false"/> when none does.</summary>
    public async Task<bool> StandsAsync(RunnerSuccessor successor, CancellationToken cancellationToken)
    {
        var newcomer = new ProcessIdentity(successor.Pid, successor.StartTime);
        for (var begun = time.GetTimestamp(); time.GetElapsedTime(begun) < options.SuccessorStandsWithin; await Task.Delay(s_look, time, cancellationToken))
        {
            if (file.Read().Running is { } other && other.Pid != Environment.ProcessId && await AnswersAsync(new RunnerDoor(other, time), cancellationToken))
            {
                return true;
            }

            if (!newcomer.IsAlive())
            {
                return false;
            }
        }

        return false;
    }

    private async Task<RunnerLock?> DecideAsync(RunnerState other, RunnerState wish, CancellationToken cancellationToken)
    {
        var door = new RunnerDoor(other, time);
        if (other.Serves(wish, options.HandoverDisabled) && await AnswersAsync(door, cancellationToken))
        {
            return null;
        }

        log.Line($"Taking over from the runner {other.Version} (pid {other.Pid}).");
        try
        {
            var me = ProcessIdentity.Current;
            await door.StopAsync(new RunnerStopRequest("runner", new RunnerSuccessor(me.Pid, me.StartTime)), cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or RpcException or JsonException)
        {
            await door.EndAsync("runner", cancellationToken);
        }

        return await RunnerLock.TakeAsync(options.Home, s_leaves, time, cancellationToken)
            ?? throw new RunnerException("runner_busy", $"The runner with pid {other.Pid} does not give way. End it, and start again.");
    }

    private static async Task<bool> AnswersAsync(RunnerDoor door, CancellationToken cancellationToken)
    {
        try
        {
            await door.StatusAsync(cancellationToken);
            return true;
        }
        catch (Exception ex) when (ex is IOException or RpcException or JsonException)
        {
            return false;
        }
    }
}
