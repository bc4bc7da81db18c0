using Hapi.Contracts.Link;
using Hapi.Hub.Machines;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;

namespace Hapi.Hub.Link;

/// <summary>How a frame of facts went: what is applied now, what was refused for good, and the machine on which it opened its owner.</summary>
internal sealed record IntakeResult(long Through, IReadOnlyList<RefuseNotice> Refused, string? OpenedOn);

/// <summary>Applies frames of facts: each fact once, in order, or refused for good. Never half of a fact.</summary>
internal sealed partial class FactIntake(HubWriter writer, SessionEdits edits, MachineRegistry machines, ILogger<FactIntake> logger)
{
    /// <summary>Completes after the commit.</summary>
    /// <exception cref="ForeignOwnerException">The session or machine belongs to another namespace.</exception>
    public async Task<IntakeResult> ApplyAsync(AppendFrame frame, FactOwner owner)
    {
        var read = frame.Facts.Select(FactReader.Read).ToList();
        try
        {
            return await writer.WriteAsync(scope => Apply(scope, frame, read, owner, 0, read.Count), CancellationToken.None);
        }
        catch (Exception ex) when (!IsOutage(ex))
        {
            LogOneByOne(ex, frame.Owner, frame.Generation, frame.First);
            return await OneByOneAsync(frame, read, owner);
        }
    }

    // One fact that cannot be applied must not hold up those after it for ever.
    private async Task<IntakeResult> OneByOneAsync(AppendFrame frame, List<ReadFact> read, FactOwner owner)
    {
        var (refused, through, opened) = (new List<RefuseNotice>(), 0L, (string?)null);
        for (var i = 0; i < read.Count; i++)
        {
            var at = i;
            IntakeResult result;
            try
            {
                result = await writer.WriteAsync(scope => Apply(scope, frame, read, owner, at, 1), CancellationToken.None);
            }
            catch (Exception ex) when (!IsOutage(ex))
            {
                read[i] = new(null, "fact_not_applicable", "The fact cannot be applied.");
                result = await writer.WriteAsync(scope => Apply(scope, frame, read, owner, at, 1), CancellationToken.None);
            }

            refused.AddRange(result.Refused);
            (through, opened) = (result.Through, result.OpenedOn ?? opened);
        }

        return new(through, refused, opened);
    }

    private IntakeResult Apply(WriteScope scope, AppendFrame frame, List<ReadFact> read, FactOwner owner, int from, int count)
    {
        var generation = frame.Generation;
        var through = AppliedRows.Through(scope.Sql, owner, generation);
        if (frame.First + from > through + 1)
        {
            throw new FactGapException(); // a frame before this one failed: applying this one would lose that
        }

        var refused = new List<RefuseNotice>();
        IFactTarget target = owner.Kind is FactOwner.Machine
            ? new MachineFacts(scope, owner, generation, machines, edits)
            : new SessionFacts(scope, owner, generation, through > 0, machines, edits);
        for (var i = from; i < from + count; i++)
        {
            var n = frame.First + i;
            if (n <= through)
            {
                continue; // it came before
            }

            var (fact, code, reason) = read[i];
            if ((fact is null ? new FactRefusal(code!, reason!) : target.Apply(fact)) is { } refusal)
            {
                refused.Add(new RefuseNotice(owner.Id, generation, n, refusal.Code, refusal.Reason));
            }
        }

        var last = Math.Max(through, frame.First + from + count - 1);
        if (last > through)
        {
            AppliedRows.SetThrough(scope.Sql, owner, generation, last);
        }

        return new(last, refused, target.OpenedOn);
    }

    // Nothing is wrong with the facts themselves. The store is out of reach, full or busy, another node was faster each time, or they are not due: the process sends the same facts again later, and then they apply.
    private static bool IsOutage(Exception exception) => exception switch
    {
        HubStoppingException or ForeignOwnerException or FactGapException or WriteConflictException => true,
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteErrorCode is not (1 or 18 or 19 or 20 or 25),
        Npgsql.PostgresException postgres => postgres.IsTransient || postgres.SqlState is not ['2', '2' or '3', ..],
        System.Data.Common.DbException or IOException or TimeoutException => true,
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Owner}: facts {Generation}/{First} and following are applied one by one.")]
    private partial void LogOneByOne(Exception exception, string owner, long generation, long first);
}

/// <summary>Facts before these are not applied.</summary>
internal sealed class FactGapException() : Exception("Facts before these are not applied.");

/// <summary>The session or machine belongs to another namespace.</summary>
internal sealed class ForeignOwnerException() : Exception("The session or machine belongs to another namespace.");

/// <summary>Why one fact is refused for good.</summary>
internal sealed record FactRefusal(string Code, string Reason);

/// <summary>Where the facts of one frame go, inside one transaction.</summary>
internal interface IFactTarget
{
    /// <summary>The machine on which a fact of this frame has opened the owner.</summary>
    string? OpenedOn { get; }

    /// <summary>Gives <see langword="null"/> when the fact is applied.</summary>
    FactRefusal? Apply(Fact fact);
}
