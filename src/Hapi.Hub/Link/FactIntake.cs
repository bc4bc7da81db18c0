using Hapi.Contracts.Link;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>How a frame of facts went: what is applied now, what was refused for good, and whether it opened the session.</summary>
internal sealed record IntakeResult(long Through, IReadOnlyList<RefuseNotice> Refused, string? OpenedOn);

/// <summary>Applies frames of facts: each fact once, in order, or refused for good. Never half of a fact.</summary>
internal sealed partial class FactIntake(HubWriter writer, SessionEdits edits, ILogger<FactIntake> logger)
{
    /// <summary>Completes after the commit.</summary>
    /// <exception cref="ForeignSessionException">The session belongs to another namespace.</exception>
    public async Task<IntakeResult> ApplyAsync(AppendFrame frame, string @namespace)
    {
        var read = frame.Facts.Select(FactReader.Read).ToList();
        try
        {
            return await writer.WriteAsync(scope => Apply(scope, frame, read, @namespace, 0, read.Count), CancellationToken.None);
        }
        catch (Exception ex) when (!IsOutage(ex))
        {
            LogOneByOne(ex, frame.Owner, frame.Generation, frame.First);
            return await OneByOneAsync(frame, read, @namespace);
        }
    }

    // One fact that cannot be applied must not hold up those after it for ever.
    private async Task<IntakeResult> OneByOneAsync(AppendFrame frame, List<ReadFact> read, string @namespace)
    {
        var (refused, through, opened) = (new List<RefuseNotice>(), 0L, (string?)null);
        for (var i = 0; i < read.Count; i++)
        {
            var at = i;
            IntakeResult result;
            try
            {
                result = await writer.WriteAsync(scope => Apply(scope, frame, read, @namespace, at, 1), CancellationToken.None);
            }
            catch (Exception ex) when (!IsOutage(ex))
            {
                read[i] = new(null, "fact_not_applicable", "The fact cannot be applied.");
                result = await writer.WriteAsync(scope => Apply(scope, frame, read, @namespace, at, 1), CancellationToken.None);
            }

            refused.AddRange(result.Refused);
            (through, opened) = (result.Through, result.OpenedOn ?? opened);
        }

        return new(through, refused, opened);
    }

    private IntakeResult Apply(WriteScope scope, AppendFrame frame, List<ReadFact> read, string @namespace, int from, int count)
    {
        var (id, generation) = (frame.Owner, frame.Generation);
        var through = SessionRows.Through(scope.Sql, id, generation);
        if (frame.First + from > through + 1)
        {
            throw new FactGapException(); // a frame before this one failed: applying this one would lose that
        }

        var refused = new List<RefuseNotice>();
        var edit = edits.Find(scope, id);
        string? opened = null;
        if (edit is not null && edit.Row.Namespace != @namespace)
        {
            throw new ForeignSessionException();
        }

        for (var i = from; i < from + count; i++)
        {
            var n = frame.First + i;
            if (n <= through)
            {
                continue; // it came before
            }

            var (fact, code, reason) = read[i];
            if (fact is SessionOpened { Machine: var machine } opening)
            {
                if (!Machines.MachineRegistry.Register(scope, @namespace, machine))
                {
                    (fact, code, reason) = (null, "machine_denied", "This machine belongs to another namespace.");
                }
                else
                {
                    edit ??= Create(scope, id, @namespace, opening);
                    opened = machine.Id;
                }
            }

            if (fact is null || edit is null)
            {
                refused.Add(new RefuseNotice(id, generation, n, code ?? (through > 0 ? "session_deleted" : "session_not_opened"), reason ?? "There is no such session: its first fact opens it."));
                continue;
            }

            new FactApplier(edit, generation).Apply(fact);
        }

        var last = Math.Max(through, frame.First + from + count - 1);
        if (last > through)
        {
            SessionRows.SetThrough(scope.Sql, id, generation, last);
        }

        return new(last, refused, opened);
    }

    private SessionEdit Create(WriteScope scope, string id, string @namespace, SessionOpened opened) => edits.Create(scope, new SessionRow
    {
        Id = id,
        Namespace = @namespace,
        Tag = opened.Tag,
        Flavor = opened.Flavor,
        CreatedAt = Math.Clamp(opened.At, 0, scope.Now),
        UpdatedAt = scope.Now,
        Metadata = "{}",
        AgentState = "{}",
    });

    // Nothing is wrong with the facts themselves. The store is out of reach, full or busy, another node was faster each time, or they are not due: the process sends the same facts again later, and then they apply.
    private static bool IsOutage(Exception exception) => exception switch
    {
        HubStoppingException or ForeignSessionException or FactGapException or WriteConflictException => true,
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteErrorCode is not (1 or 18 or 19 or 20 or 25),
        Npgsql.PostgresException postgres => postgres.IsTransient || postgres.SqlState is not ['2', '2' or '3', ..],
        System.Data.Common.DbException or IOException or TimeoutException => true,
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Session {SessionId}: facts {Generation}/{First} and following are applied one by one.")]
    private partial void LogOneByOne(Exception exception, string sessionId, long generation, long first);
}

/// <summary>Facts before these are not applied.</summary>
internal sealed class FactGapException() : Exception("Facts before these are not applied.");

/// <summary>The session belongs to another namespace.</summary>
internal sealed class ForeignSessionException() : Exception("The session belongs to another namespace.");
