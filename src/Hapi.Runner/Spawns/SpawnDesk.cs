using Hapi.Contracts.Machines;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Rpc;
using Hapi.Runner.Sessions;

namespace Hapi.Runner.Spawns;

/// <summary>
/// Starts sessions by running the executable again, detached. One process a session: who asks for a session that is being started, or runs, gets the
/// answer of the first. A spawn that was begun is finished whether or not somebody still waits for it.
/// </summary>
internal sealed class SpawnDesk(SpawnPlaces places, SessionStarter starter, SessionRoster roster, RunningSessions running, RunnerLog log, CancellationToken ending)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PendingSpawn> _spawns = [];

    /// <summary>Hears why the last spawn failed, or <see langword="null"/> when it did not.</summary>
    public event Action<SpawnResult?, ProcessIdentity?>? Finished;

    /// <summary>Folders in which sessions are being started.</summary>
    public IReadOnlyList<string> Directories
    {
        get
        {
            lock (_gate)
            {
                return [.. _spawns.Values.Where(s => s.IsLive).Select(s => s.Directory).OfType<string>()];
            }
        }
    }

    /// <summary>The process of a session that has not reported yet.</summary>
    public ProcessIdentity? Find(string sessionId)
    {
        lock (_gate)
        {
            return _spawns.GetValueOrDefault(sessionId) is { IsLive: true } spawn ? spawn.Process : null;
        }
    }

    /// <exception cref="RpcException">The request has no sense.</exception>
    public Task<SpawnResult> SpawnAsync(SpawnRequest request)
    {
        if (request.ExistingSessionId is { } given && !Guid.TryParse(given, out _))
        {
            throw new RpcException(RpcException.InvalidParams, $"\"{given}\" is no session id.", "session_id_invalid");
        }

        if (ending.IsCancellationRequested)
        {
            return Task.FromResult(Stopping());
        }

        var sessionId = (request.ExistingSessionId is { } existing ? Guid.Parse(existing) : Guid.NewGuid()).ToString();
        lock (_gate)
        {
            if (_spawns.TryGetValue(sessionId, out var earlier) && earlier.IsLive)
            {
                return earlier.Result;
            }

            // It runs already: started from a terminal, or by an earlier runner.
            if ((roster.Find(sessionId) ?? running.List().FirstOrDefault(s => s.SessionId == sessionId)) is { } session && session.Identity.IsAlive())
            {
                return Task.FromResult(new SpawnResult("success", sessionId));
            }

            foreach (var over in _spawns.Values.Where(s => !s.IsLive).ToList())
            {
                _spawns.Remove(over.SessionId);
            }

            var spawn = new PendingSpawn(sessionId);
            spawn.Result = Task.Run(() => RunAsync(request with { ExistingSessionId = request.ExistingSessionId is null ? null : sessionId }, spawn));
            _spawns[sessionId] = spawn;
            return spawn.Result;
        }
    }

    private async Task<SpawnResult> RunAsync(SpawnRequest request, PendingSpawn spawn)
    {
        SpawnResult result;
        try
        {
            var place = await places.FindAsync(request, ending);
            result = place.Refusal ?? await starter.StartAsync(request, place, spawn, ending);
            if (result.Type is not "success")
            {
                await places.UndoAsync(place, spawn.Process);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            result = Stopping();
        }
        catch (Exception ex)
        {
            result = new("error", ErrorMessage: $"The session could not be started: {ex.Message}", Code: "start_failed");
        }

        if (result.Type is "error")
        {
            log.Line($"Session {spawn.SessionId} could not be started ({result.Code}): {result.ErrorMessage}");
        }

        Finished?.Invoke(result.Type is "error" ? result : null, spawn.Process);
        return result;
    }

    private static SpawnResult Stopping() => new("error", ErrorMessage: "The runner is stopping. A session that was begun may still come up.", Code: "runner_stopping");
}
