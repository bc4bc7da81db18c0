using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;

namespace Hapi.Doctor;

/// <summary>
/// Ends what runs away: the runner of this home, and the sessions it started. What a person started in a terminal is not touched, nor is any
/// process that is not provably of this home. Each is asked at its door first, so that it records who wanted it.
/// </summary>
internal sealed class Cleanup(string home, bool dryRun, TimeProvider time)
{
    public const string Reason = "Stopped by hapi doctor clean";
    private const string By = "doctor", Why = "doctor-clean";
    private static readonly TimeSpan s_accept = TimeSpan.FromMilliseconds(500), s_finish = TimeSpan.FromSeconds(8), s_terminate = TimeSpan.FromSeconds(6), s_kill = TimeSpan.FromSeconds(3), s_look = TimeSpan.FromMilliseconds(50);
    private readonly RunningSessions _sessions = new(home);

    /// <param name="say">Hears each outcome, in a line for people.</param>
    public async Task<IReadOnlyList<CleanedProcess>> RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        // Sessions first: the runner that is still there takes our word for each.
        var runner = RunnerFile.Read(home);
        var live = _sessions.List().Where(s => s.StartedBy is "runner").ToList();
        var outcomes = (await Task.WhenAll(live.Select(s => EndSessionAsync(s, runner, cancellationToken)))).ToList();
        foreach (var dead in _sessions.Dead().Where(d => live.All(l => l.Identity != d.Identity)))
        {
            outcomes.Add(await BuryAsync(dead, runner, cancellationToken));
        }

        if (runner.Process is { } process)
        {
            outcomes.Add(await EndRunnerAsync(runner, process, cancellationToken));
        }

        foreach (var outcome in outcomes)
        {
            say($"{outcome.Kind} {outcome.Name}{(outcome.Pid is { } pid ? $" (pid {pid})" : "")}: {Words(outcome)}");
        }

        return outcomes;
    }

    private async Task<CleanedProcess> EndSessionAsync(ProcessState session, RunnerFile runner, CancellationToken cancellationToken)
    {
        if (OwnProcess.Doubt(session.Identity, home) is { } doubt)
        {
            return new CleanedProcess("session", session.SessionId, session.Pid, "untouched", doubt);
        }

        if (dryRun)
        {
            return new CleanedProcess("session", session.SessionId, session.Pid, "would-end");
        }

        var outcome = await LadderAsync(session.Identity, session.Control, cancellationToken);
        if (outcome is not "accepted" and not "still_alive")
        {
            // It could not record who wanted it; somebody else must.
            await TellAsync(session, outcome, runner, cancellationToken);
        }

        if (outcome is not "still_alive")
        {
            RemoveFiles(session);
        }

        return new CleanedProcess("session", session.SessionId, session.Pid, outcome);
    }

    // The file is the only proof of its death, so the proof is kept in the note.
    private async Task<CleanedProcess> BuryAsync(ProcessState dead, RunnerFile runner, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return new CleanedProcess("session", dead.SessionId, null, "would-remove");
        }

        await TellAsync(dead, "already_gone", runner, cancellationToken);
        RemoveFiles(dead);
        return new CleanedProcess("session", dead.SessionId, null, "already_gone");
    }

    private async Task<CleanedProcess> EndRunnerAsync(RunnerFile runner, ProcessIdentity process, CancellationToken cancellationToken)
    {
        if (!process.IsAlive())
        {
            return dryRun ? new CleanedProcess("runner", home, null, "would-remove") : RemoveRunnerFile(process, new CleanedProcess("runner", home, null, "already_gone"));
        }

        if (OwnProcess.Doubt(process, home) is { } doubt)
        {
            return new CleanedProcess("runner", home, process.Pid, "untouched", doubt);
        }

        var again = ProcessOwner.Variable(process.Pid, "HAPI_RUNNER_SUPERVISED") is "1" ? "its service starts it again; \"hapi service uninstall runner\" ends that" : null;
        if (dryRun)
        {
            return new CleanedProcess("runner", home, process.Pid, "would-end", again);
        }

        var outcome = await LadderAsync(process, runner.Control, cancellationToken);
        var cleaned = new CleanedProcess("runner", home, process.Pid, outcome, again);
        return outcome is "still_alive" ? cleaned : RemoveRunnerFile(process, cleaned);
    }

    // Asks, then SIGTERM, then SIGKILL. Each signal proves anew whom it goes to.
    private async Task<string> LadderAsync(ProcessIdentity process, string? control, CancellationToken cancellationToken)
    {
        if (control is not null && await AskAsync(control, cancellationToken) && await GoneAsync(process, s_finish, cancellationToken))
        {
            return "accepted";
        }

        if (!Signals.Terminate(process) && !process.IsAlive())
        {
            return "already_gone";
        }

        if (await GoneAsync(process, s_terminate, cancellationToken))
        {
            return "terminated";
        }

        Signals.Kill(process);
        return await GoneAsync(process, s_kill, cancellationToken) ? "killed" : "still_alive";
    }

    private async Task<bool> AskAsync(string control, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ControlCall.AskAsync(
                control, ControlMethods.Stop, new StopRequest(Reason, By), ControlJson.Default.StopRequest, ControlJson.Default.StopResult, s_accept, time, cancellationToken);
            return answer.Accepted;
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    // The runner passes it on now, or the next one does.
    private async Task TellAsync(ProcessState session, string outcome, RunnerFile runner, CancellationToken cancellationToken)
    {
        var note = new StoppedProcess(session.SessionId, session.Pid, session.StartTime, Reason, outcome, By, Why, time.GetUtcNow().ToUnixTimeMilliseconds());
        var notes = new StopNotes(home);
        notes.Write(note);
        if (runner is not { IsAlive: true, Control: { } door })
        {
            return;
        }

        try
        {
            var answer = await ControlCall.AskAsync(
                door, ControlMethods.SessionStopped, note, ControlJson.Default.StoppedProcess, ControlJson.Default.StopResult, s_accept, time, cancellationToken);
            if (answer.Accepted)
            {
                notes.Remove(note);
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested(); // the note stays
        }
    }

    private void RemoveFiles(ProcessState session)
    {
        _sessions.Remove(session);
        if (Path.GetDirectoryName(session.Control) == Path.Combine(home, "run"))
        {
            File.Delete(session.Control);
        }
    }

    private CleanedProcess RemoveRunnerFile(ProcessIdentity process, CleanedProcess cleaned)
    {
        // Another runner may have started meanwhile; its file is not ours to remove.
        if (RunnerFile.Read(home) is { Process: { } now } && now == process)
        {
            File.Delete(RunnerFile.PathIn(home));
        }

        return cleaned;
    }

    // It is nobody's child, so nothing tells us: its identity does.
    private async Task<bool> GoneAsync(ProcessIdentity process, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); process.IsAlive(); await Task.Delay(s_look, time, cancellationToken))
        {
            if (time.GetElapsedTime(begun) > patience)
            {
                return false;
            }
        }

        return true;
    }

    private static string Words(CleanedProcess cleaned) => cleaned.Outcome switch
    {
        "accepted" => "ended when it was asked",
        "terminated" => "ended by SIGTERM",
        "killed" => "ended by force",
        "already_gone" => "was gone; its file is removed",
        "still_alive" => "could not be ended",
        "untouched" => "left alone",
        "would-end" => "would be ended",
        _ => "is gone; its file would be removed",
    } + (cleaned.Why is { } why ? $" ({why})" : "");
}
