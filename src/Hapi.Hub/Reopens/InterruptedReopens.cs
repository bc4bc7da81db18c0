using Hapi.Contracts.Machines;
using Hapi.Hub.Audit;
using Hapi.Hub.Http;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Reopens;

/// <summary>Brings back what was interrupted, one session after the other: a machine that has just started must not start thirty agents at once.</summary>
internal sealed partial class InterruptedReopens(ReopenDesk desk, HubReader reader, HubOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<InterruptedReopens> logger)
{
    public const int MostAtOnce = 30;

    /// <summary>Brought back by itself and interrupted again soon after, so often in a row: it is left to a person.</summary>
    public const int CrashLoop = 2;

    /// <summary>For a runner that has just started: at most <see cref="MostAtOnce"/>, and nothing that crashes again and again.</summary>
    public async Task<ReopenInterruptedResult> ForRunnerAsync(string @namespace, string machineId, CancellationToken cancellationToken)
    {
        var all = await FindAsync(@namespace, machineId, cancellationToken);
        var may = all.Where(row => row.Crashes < CrashLoop).Take(MostAtOnce).Select(row => row.Id).ToList();
        var result = await RunAsync(may, "runner", null, cancellationToken);
        return result with { Skipped = [.. all.Select(row => row.Id).Except(may), .. result.Skipped] };
    }

    /// <summary>For a person: all of them, in the background. Gives which.</summary>
    public async Task<IReadOnlyList<string>> ForPersonAsync(string @namespace, string? machineId, Asker asker, CancellationToken cancellationToken)
    {
        var ids = (await FindAsync(@namespace, machineId, cancellationToken)).ConvertAll(row => row.Id);
        _ = InBackgroundAsync(ids, asker);
        return ids;
    }

    private Task<List<SessionRow>> FindAsync(string @namespace, string? machineId, CancellationToken cancellationToken) => reader.ReadAsync(
        sql => SessionRows.Interrupted(sql, @namespace).FindAll(row => machineId is null || row.MachineId == machineId), cancellationToken);

    private async Task<ReopenInterruptedResult> RunAsync(IReadOnlyList<string> ids, string by, Asker? asker, CancellationToken cancellationToken)
    {
        var (reopened, failed, skipped) = (new List<string>(), new Dictionary<string, string>(), new List<string>());
        foreach (var (i, id) in ids.Index())
        {
            if (i > 0)
            {
                await Task.Delay(options.ReopenPause, time, cancellationToken);
            }

            var outcome = await TryAsync(new ReopenWish(id, by, OnlyInterrupted: true, Automatic: asker is null, Asker: asker), cancellationToken);
            switch (outcome)
            {
                case { Code: null }:
                    reopened.Add(id);
                    break;
                case { Code: ReopenOutcome.Settled }:
                    skipped.Add(id);
                    break;
                default:
                    failed[id] = outcome.Message!;
                    break;
            }
        }

        return new(reopened, failed, skipped);
    }

    // One that fails beyond its own reasons does not take the others along.
    private async Task<ReopenOutcome> TryAsync(ReopenWish wish, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.ReopenAsync(wish, cancellationToken);
        }
        catch (Exception ex) when (ex is WriteConflictException or System.Data.Common.DbException)
        {
            LogFailed(ex);
            return ReopenOutcome.Failed(ErrorCodes.ResumeFailed, "The hub could not write it down. Try again.");
        }
    }

    private async Task InBackgroundAsync(IReadOnlyList<string> ids, Asker asker)
    {
        try
        {
            await RunAsync(ids, asker.Name, asker, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The hub stops. What is left stays interrupted.
        }
        catch (Exception ex)
        {
            LogFailed(ex);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Bringing back what was interrupted has failed.")]
    private partial void LogFailed(Exception exception);
}
