using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Contracts.Machines;
using Hapi.Hub.Http;
using Hapi.Hub.Machines;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Reopens;

/// <summary>
/// Brings sessions back. It succeeds only when the agent of a newer process is ready; when that does not come about, the session is put back
/// exactly as it was, and says why.
/// </summary>
internal sealed class ReopenDesk(SessionStore sessions, HubReader reader, LiveMachines machines, RunnerCalls runners, Waiters waiters, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan s_ready = TimeSpan.FromSeconds(60), s_lastWords = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Lazy<Task<ReopenOutcome>>> _running = new();

    /// <summary>Who asks for a session that is being brought back gets the answer of that; nothing is started twice. It goes on when the asker gives up.</summary>
    public Task<ReopenOutcome> ReopenAsync(ReopenWish wish, CancellationToken cancellationToken) =>
        _running.GetOrAdd(wish.SessionId, _ => new(() => RunAsync(wish, lifetime.ApplicationStopping))).Value.WaitAsync(cancellationToken);

    private async Task<ReopenOutcome> RunAsync(ReopenWish wish, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await BeginAsync(wish, cancellationToken);
        }
        finally
        {
            _running.TryRemove(wish.SessionId, out _);
        }
    }

    private async Task<ReopenOutcome> BeginAsync(ReopenWish wish, CancellationToken cancellationToken)
    {
        var id = wish.SessionId;
        var gone = ReopenOutcome.Failed(ErrorCodes.SessionNotFound, "Session not found");
        var (outcome, plan, before) = await sessions.EditAsync(id, (gone, (ReopenPlan?)null, (ArchiveSnapshot?)null), edit => Prepare(edit, wish), cancellationToken);
        if (plan is null || before is null)
        {
            return outcome ?? gone;
        }

        outcome = await StartAsync(plan, before, cancellationToken);
        if (outcome.Code is not null)
        {
            await sessions.EditAsync(id, false, edit =>
            {
                before.Restore(edit);
                Audit.SessionAudit.ReopenFailed(edit, outcome.Message!);
                NoteFailure(edit, outcome.Message!);
                return true;
            }, CancellationToken.None);
        }

        return outcome;
    }

    // The labels stay until the new process opens the session: a hub that dies meanwhile leaves nothing half done.
    private (ReopenOutcome?, ReopenPlan?, ArchiveSnapshot?) Prepare(SessionEdit edit, ReopenWish wish)
    {
        var row = edit.Row;
        if (row.EndedAt is null && edit.IsConnected)
        {
            return (ReopenOutcome.Running, null, null);
        }

        if (wish.OnlyInterrupted && row.InterruptedAt is null)
        {
            return (ReopenOutcome.Failed(ReopenOutcome.Settled, "It is not interrupted any more."), null, null);
        }

        var (plan, refusal) = ReopenPlan.Make(edit.Scope.Sql, row, wish, machines);
        if (plan is null)
        {
            NoteFailure(edit, refusal!.Message!);
            return (refusal, null, null);
        }

        Audit.SessionAudit.Reopened(edit, wish.Asker);
        // What a person brings back has no history of crashes.
        row.ReopenedAt = wish.Automatic ? edit.Scope.Now : null;
        row.Crashes = wish.Automatic ? row.Crashes : 0;
        edit.Touch();
        return (null, plan, ArchiveSnapshot.Of(edit));
    }

    private async Task<ReopenOutcome> StartAsync(ReopenPlan plan, ArchiveSnapshot before, CancellationToken cancellationToken)
    {
        var id = plan.Request.ExistingSessionId!;
        using var gone = waiters.Expect(Waiters.GoneOf(id));
        var spawned = await runners.SpawnAsync(plan.MachineId, plan.Request, cancellationToken);
        if (spawned.Type is not "success")
        {
            if (spawned.Code is "exited")
            {
                await NextAsync(id, before, s_lastWords, cancellationToken); // what it said last may be on its way
            }
            else if (spawned.Code is CallResult.TimedOut)
            {
                await StopAsync(plan.MachineId, id, cancellationToken);
            }

            return ReopenOutcome.Failed(ErrorCodes.ResumeFailed, await LastWordsAsync(id, before, cancellationToken) ?? spawned.ErrorMessage!);
        }

        if (spawned.SessionId != id)
        {
            await StopAsync(plan.MachineId, spawned.SessionId!, cancellationToken);
            return ReopenOutcome.Failed(ErrorCodes.ResumeFailed, "The machine started another session instead of this one.");
        }

        return await WatchAsync(plan, before, gone, cancellationToken);
    }

    private async Task<ReopenOutcome> WatchAsync(ReopenPlan plan, ArchiveSnapshot before, Waiters.Waiter gone, CancellationToken cancellationToken)
    {
        var id = plan.Request.ExistingSessionId!;
        var died = gone.WaitAsync(s_ready, cancellationToken);
        var start = NextAsync(id, before, s_ready, cancellationToken);
        var state = await Task.WhenAny(start, died) == start ? await start : await NextAsync(id, before, s_lastWords, cancellationToken);
        switch (state)
        {
            case Start.Ready:
                return ReopenOutcome.Reopened;
            case Start.SameProcess:
                return ReopenOutcome.Running;
            case Start.Ended:
                return ReopenOutcome.Failed(ErrorCodes.ResumeFailed, await LastWordsAsync(id, before, cancellationToken) ?? "The session ended before its agent was ready.");
            default:
                await StopAsync(plan.MachineId, id, cancellationToken);
                return ReopenOutcome.Failed(ErrorCodes.ResumeFailed, died.IsCompletedSuccessfully && gone.IsSettled
                    ? "The session's process is gone before it was ready."
                    : $"The agent was not ready within {s_ready.TotalSeconds:0} seconds.");
        }
    }

    // Waits until the start has come to something, or patience ends.
    private async Task<Start> NextAsync(string id, ArchiveSnapshot before, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            using var news = waiters.Expect(Waiters.StartOf(id));
            var state = await reader.ReadAsync(sql => SessionRows.Find(sql, id), cancellationToken) switch
            {
                null => Start.Ended,
                { } row when row.Generation == before.Generation => row.EndedAt is null && sessions.IsConnected(id) ? Start.SameProcess : Start.Pending,
                { EndedAt: not null } => Start.Ended,
                { } row => row.ReadyGeneration == row.Generation ? Start.Ready : Start.Pending,
            };
            var left = patience - time.GetElapsedTime(begun);
            if (state is not Start.Pending || left <= TimeSpan.Zero)
            {
                return state;
            }

            await news.WaitAsync(left, cancellationToken);
        }
    }

    // What the new process, or its agent, said of its end.
    private Task<string?> LastWordsAsync(string id, ArchiveSnapshot before, CancellationToken cancellationToken) => reader.ReadAsync(sql =>
        SessionRows.Find(sql, id) is { EndedAt: not null } row && row.Generation != before.Generation ? JsonObjects.Parse(row.Metadata).Text("archiveReason") : null, cancellationToken);

    // A process that came too late must not go on in a session that is archived.
    private Task<CallResult> StopAsync(string machineId, string id, CancellationToken cancellationToken) => runners.CallAsync(machineId, MachineCalls.StopSession,
        new RawJson(JsonSerializer.SerializeToUtf8Bytes(new StopSessionRequest(id, "hub"), LinkJson.Default.StopSessionRequest)), cancellationToken);

    private static void NoteFailure(SessionEdit edit, string message) =>
        edit.ChangeMetadata(metadata => metadata[FactApplier.ReopenError] = new JsonObject { ["at"] = edit.Scope.Now, ["message"] = message });

    private enum Start
    {
        Pending,
        Ready,
        Ended,

        /// <summary>The process had only been out of reach.</summary>
        SameProcess,
    }
}
