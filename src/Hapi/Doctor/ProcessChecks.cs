using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Control;
using Hapi.Link;
using Hapi.Output;
using Hapi.Rpc;

namespace Hapi.Doctor;

/// <summary>The processes of this home, by their state files: runner and sessions, and what they have left undelivered.</summary>
internal sealed class ProcessChecks(string home, TimeProvider time)
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(1), s_long = TimeSpan.FromHours(1);

    public IEnumerable<Finding> Runner()
    {
        var file = RunnerFile.Read(home);
        var data = new JsonObject { ["pid"] = file.Process?.Pid, ["version"] = file.Version, ["control"] = file.Control };
        yield return file.Kind switch
        {
            RunnerFileKind.Missing => Finding.Ok("runner", "not running", data),
            RunnerFileKind.Ours when file.IsAlive => Finding.Ok("runner", $"running, pid {file.Process!.Value.Pid}{(file.Version is { } version ? $", version {version}" : "")}", data),
            RunnerFileKind.Ours => Finding.Warn("runner", $"It is gone and has left {RunnerFile.PathIn(home)} behind.", "\"hapi runner start\" starts it and takes its sessions over; \"hapi doctor clean\" only removes the file.", data),
            RunnerFileKind.Upstream => Finding.Warn("runner", $"{RunnerFile.PathIn(home)} was written by another HAPI ({file.Version ?? "version unknown"}). It is left as it is.", "Give this Hapi a home of its own: see \"upstream\" below.", data),
            _ => Finding.Fail("runner", $"{RunnerFile.PathIn(home)} cannot be read. It is left as it is.", "If no runner runs, move it away and start one with \"hapi runner start\".", data),
        };
    }

    public async Task<IReadOnlyList<Finding>> SessionsAsync(CancellationToken cancellationToken)
    {
        var running = new RunningSessions(home);
        var live = running.List();
        var findings = new List<Finding>
        {
            Finding.Ok(
                "sessions",
                live.Count == 0 ? "none runs" : $"{live.Count} run: {string.Join(", ", live.GroupBy(s => $"{s.Flavor} by {s.StartedBy}").Select(g => $"{g.Count()} {g.Key}"))}",
                new JsonArray([.. live.Select(s => new JsonObject { ["sessionId"] = s.SessionId, ["pid"] = s.Pid, ["flavor"] = s.Flavor, ["directory"] = s.Directory, ["startedBy"] = s.StartedBy })])),
        };
        if (running.Dead() is { Count: > 0 } dead)
        {
            findings.Add(Finding.Warn(
                "dead-sessions", $"{dead.Count} died without a word: {string.Join(", ", dead.Select(s => s.SessionId[..8]))}.", "The runner tells the hub when it starts (\"hapi runner start\"); \"hapi resume <id>\" goes on with one.",
                new JsonArray([.. dead.Select(s => (JsonNode)s.SessionId)])));
        }

        if (Unreadable() is { Count: > 0 } unreadable)
        {
            findings.Add(Finding.Warn("state-files", $"{string.Join(", ", unreadable)} cannot be read; whatever process it stands for is not seen here.", "Look whether it runs, end it by hand, and move the file away."));
        }

        var answers = await Task.WhenAll(live.Select(s => AnswersAsync(s, cancellationToken)));
        foreach (var (session, _) in live.Zip(answers).Where(s => !s.Second))
        {
            findings.Add(Finding.Fail("session-door", $"Session {session.SessionId} (pid {session.Pid}) does not answer at its door.", "It hangs or is stopped. \"hapi sessions archive\" ends it once it goes on; else end the process by its pid."));
        }

        foreach (var session in live.Where(s => !File.Exists(OutboxOf(s.SessionId))))
        {
            findings.Add(Finding.Fail("session-outbox", $"The outbox of session {session.SessionId} (pid {session.Pid}) is gone while it runs: what it says is lost.", $"End it with \"hapi sessions stop {session.SessionId[..8]}\" and resume it."));
        }

        foreach (var session in live.Where(s => !Directory.Exists(s.Directory)))
        {
            findings.Add(Finding.Warn("session-folder", $"The folder of session {session.SessionId} is gone: {session.Directory}.", "Bring it back, or end the session."));
        }

        return findings;
    }

    public IEnumerable<Finding> Outboxes()
    {
        var folder = Path.Combine(home, "outbox");
        var live = new RunningSessions(home).List().Select(s => s.SessionId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var runner = RunnerFile.Read(home).IsAlive;
        long facts = 0;
        var waiting = new JsonArray();
        long? oldest = null;
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.db") : [])
        {
            var id = Path.GetFileNameWithoutExtension(file);
            var running = Guid.TryParse(id, out _) ? live.Contains(id) : runner; // the runner has one too
            if (Look(file, out var fault) is not { } view)
            {
                yield return Finding.Fail("outbox", fault!, "It is left as it is; the next start of this session sets a damaged one aside and begins anew.");
                continue;
            }

            if (view.Waiting > 0)
            {
                facts += view.Waiting;
                oldest = oldest is { } before && view.OldestAt is { } at ? Math.Min(before, at) : oldest ?? view.OldestAt;
                waiting.Add((JsonNode)new JsonObject { ["sessionId"] = id, ["waiting"] = view.Waiting, ["oldestAt"] = view.OldestAt, ["running"] = running });
            }
        }

        var dead = waiting.Count(w => !w!["running"]!.GetValue<bool>());
        var text = $"{facts} facts of {waiting.Count} processes wait for the hub{(oldest is { } first ? $", the oldest from {Ago.Say(first, time)}" : "")}.";
        yield return waiting.Count == 0 ? Finding.Ok("outbox", "everything is delivered", waiting)
            : dead > 0 ? Finding.Warn("outbox", $"{text} {dead} of them run no more.", "A runner delivers what they left (\"hapi runner start\"), and so does \"hapi resume <id>\".", waiting)
            : oldest is { } old && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(old) > s_long ? Finding.Warn("outbox", text, "Their hub is away: see \"hub\" above. Nothing is lost.", waiting)
            : Finding.Ok("outbox", text, waiting);
        foreach (var aside in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.damaged-*").Where(f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal)) : [])
        {
            yield return Finding.Warn("outbox-damaged", $"{aside} was set aside because it could not be read.", "Delete it once nothing is missed.");
        }
    }

    private string OutboxOf(string sessionId) => Path.Combine(home, "outbox", sessionId + ".db");

    private static OutboxView? Look(string file, out string? fault)
    {
        try
        {
            fault = null;
            return OutboxView.Look(file);
        }
        catch (OutboxException ex)
        {
            fault = ex.Message;
            return null;
        }
    }

    private List<string> Unreadable()
    {
        var folder = Path.Combine(home, "run");
        var readable = new RunningSessions(home);
        var known = readable.List().Concat(readable.Dead()).Select(s => s.SessionId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Where(f => Guid.TryParse(Path.GetFileNameWithoutExtension(f), out _) && !known.Contains(Path.GetFileNameWithoutExtension(f)))] : [];
    }

    private async Task<bool> AnswersAsync(ProcessState session, CancellationToken cancellationToken)
    {
        try
        {
            var status = await ControlCall.AskAsync(
                session.Control, ControlMethods.Status, new StopRequest(null, null), ControlJson.Default.StopRequest, ControlJson.Default.SessionStatus, s_answer, time, cancellationToken);
            return status.Pid == session.Pid;
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or RpcException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return !session.Identity.IsAlive(); // it has just ended
        }
    }
}
