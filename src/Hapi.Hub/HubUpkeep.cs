using Hapi.Contracts;
using Hapi.Contracts.Events;
using Hapi.Contracts.Link;
using Hapi.Hub.Audit;
using Hapi.Hub.Commands;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub;

/// <summary>What time alone brings about: scheduled messages come due, commands expire, the log is pruned.</summary>
internal sealed partial class HubUpkeep(
    HubWriter writer, HubReader reader, SessionStore sessions, CommandDesk desk, EventLog log, SignInAudit signIns, TimeProvider time, ILogger<HubUpkeep> logger) : BackgroundService
{
    private const int TicksBetweenPrunes = 720;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_abortLife = TimeSpan.FromSeconds(60), s_answerLife = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        for (var tick = 0; await WaitAsync(timer, stoppingToken); tick++)
        {
            try
            {
                await TickAsync(stoppingToken);
                if (tick % TicksBetweenPrunes == 0)
                {
                    await log.PruneAsync(stoppingToken);
                }
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(ex); // one bad tick must not end the upkeep
            }
        }
    }

    internal async Task TickAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = await reader.ReadAsync(sql => MessageRows.Due(sql, now), cancellationToken);
        foreach (var (session, id) in due)
        {
            await sessions.EditAsync(session, false, edit => Mature(edit, id), cancellationToken);
        }

        await signIns.TickAsync();
        await writer.WriteAsync(scope =>
            CommandRows.Expire(scope.Sql, CommandKinds.Abort, scope.Now - (long)s_abortLife.TotalMilliseconds, scope.Now)
            + CommandRows.Expire(scope.Sql, CommandKinds.PermissionAnswer, scope.Now - (long)s_answerLife.TotalMilliseconds, scope.Now), cancellationToken);
    }

    private bool Mature(SessionEdit edit, string id)
    {
        if (MessageRows.Find(edit.Scope.Sql, edit.Row.Id, id) is { InvokedAt: null } message
            && CommandRows.About(edit.Scope.Sql, edit.Row.Id, CommandKinds.Message, id) is null && edit.Row.EndedAt is null)
        {
            desk.Deliver(edit, message, null);
            edit.Restir();
            edit.Publish(EventKinds.Matured, null, new ScheduledMatured(edit.Row.Id, edit.Row.Namespace), HubJson.Default.ScheduledMatured);
        }

        return true;
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The upkeep failed; it runs again at the next tick.")]
    private partial void LogFailed(Exception exception);
}
