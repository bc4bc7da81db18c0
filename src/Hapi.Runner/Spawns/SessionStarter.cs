using System.Globalization;
using Hapi.Contracts.Machines;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Runner.Sessions;

namespace Hapi.Runner.Spawns;

/// <summary>Starts one session process, detached, with a log of its own, and waits until it has reported.</summary>
internal sealed class SessionStarter(RunnerOptions options, SessionScopes scopes, SessionRoster roster, SessionWatch watch, StopDesk stops, DeathDesk deaths, RunnerLog runnerLog, TimeProvider time)
{
    private const int LogTail = 800;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public async Task<SpawnResult> StartAsync(SpawnRequest request, SpawnPlace place, PendingSpawn spawn, CancellationToken ending)
    {
        spawn.Directory = place.Directory;
        await deaths.BarAsync(spawn.SessionId, ending); // the new process must find its outbox free
        try
        {
            var log = LogFile(spawn.SessionId);
            PrivateLog.Append(log, "");
            string[] line = [.. await scopes.PrefixAsync(spawn.SessionId), .. options.Command, .. SpawnArguments.Of(request, place.Agent!, spawn.SessionId)];
            var environment = SpawnEnvironment.Of(options.Home, Worktree(place));
            ProcessIdentity process;
            try
            {
                process = DetachedProcess.Start(new ChildStart(line[0], line[1..], place.Directory, environment), log);
            }
            catch (Exception ex) when (ex is ProgramNotFoundException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
            {
                return Failed("start_failed", $"The session could not be started in {place.Directory}: {ex.Message}");
            }

            spawn.Process = process;
            return await ReportAsync(process, spawn, request.By ?? "runner", log, ending);
        }
        finally
        {
            deaths.Unbar(spawn.SessionId);
        }
    }

    private async Task<SpawnResult> ReportAsync(ProcessIdentity process, PendingSpawn spawn, string by, string log, CancellationToken ending)
    {
        for (var begun = time.GetTimestamp(); time.GetElapsedTime(begun) < options.ReportWithin; await Task.Delay(s_look, time, ending))
        {
            if (roster.Find(process) is { } session)
            {
                return new("success", session.SessionId);
            }

            if (!process.IsAlive())
            {
                var end = PrivateLog.End(log, LogTail);
                return Failed("exited", end is null ? "The session ended before it had reported, without a word." : $"The session ended before it had reported: {end}");
            }
        }

        watch.GiveUp(process);
        runnerLog.Line($"Session {spawn.SessionId} (pid {process.Pid}) did not report in time; it is stopped.");
        await stops.StopAsync(process, StateOf(spawn.SessionId, process), spawn.SessionId, by, StopDesk.ReportTimeout);
        return Failed("report_timeout", $"The session did not report within {options.ReportWithin.TotalSeconds:0.#} s and was stopped. Its log is {log}.");
    }

    // It may have opened its door and not have come to report.
    private ProcessState? StateOf(string sessionId, ProcessIdentity process) =>
        new RunningSessions(options.Home).List().FirstOrDefault(s => s.SessionId == sessionId && s.Identity == process);

    private string LogFile(string sessionId) =>
        Path.Combine(options.Home, "logs", $"{time.GetLocalNow().ToString("yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture)}-session-{sessionId}.log");

    private Dictionary<string, string> Worktree(SpawnPlace place) => place.Worktree is not { } made ? [] : new()
    {
        ["HAPI_WORKTREE_BASE_PATH"] = made.BasePath,
        ["HAPI_WORKTREE_PATH"] = made.Path,
        ["HAPI_WORKTREE_BRANCH"] = made.Branch,
        ["HAPI_WORKTREE_NAME"] = made.Name,
        ["HAPI_WORKTREE_CREATED_AT"] = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
    };

    private static SpawnResult Failed(string code, string message) => new("error", ErrorMessage: message, Code: code);
}
