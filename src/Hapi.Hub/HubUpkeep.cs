using Hapi.Contracts.Link;
using Hapi.Hub.Commands;
using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub;

/// <summary>What time alone brings about: scheduled messages come due, commands expire, the log is pruned.</summary>
internal sealed partial class HubUpkeep(
    HubWriter writer, HubReader reader, SessionStore sessions, CommandDesk desk, EventLog log, TimeProvider time, ILogger<HubUpkeep> logger) : BackgroundService
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
        var (abortsBefore, answersBefore) = (now - (long)s_abortLife.TotalMilliseconds, now - (long)s_answerLife.TotalMilliseconds);
        var (due, expired) = await reader.ReadAsync(sql => (
            sql.Rows("select session_id, id from messages where scheduled_at is not null and invoked_at is null and delivery = 'stored' and scheduled_at <= @now",
                row => (Session: row.GetString(0), Message: row.GetString(1)), ("@now", now)),
            CommandRows.Expired(sql, CommandKinds.Abort, abortsBefore).Concat(CommandRows.Expired(sql, CommandKinds.PermissionAnswer, answersBefore)).ToList()), cancellationToken);
        foreach (var (session, id) in due)
        {
            await sessions.EditAsync(session, false, edit =>
            {
                if (MessageRows.Find(edit.Scope.Sql, session, id) is { InvokedAt: null } message
                    && CommandRows.About(edit.Scope.Sql, session, CommandKinds.Message, id) is null && edit.Row.EndedAt is null)
                {
                    desk.Deliver(edit, message, null);
                }

                return true;
            }, cancellationToken);
        }

        if (expired.Count > 0)
        {
            await writer.WriteAsync(scope =>
            {
                expired.ForEach(command => CommandRows.SetState(scope.Sql, command.Command.Id, "expired", null, scope.Now));
                return true;
            }, cancellationToken);
        }
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
