using Hapi.Hub.Storage;

namespace Hapi.Hub.Audit;

/// <summary>Where the chain is broken, and how: <c>changed</c>, <c>removed</c>, <c>reordered</c>, or <c>head</c> when the rows are whole but the note of their end does not fit them.</summary>
internal sealed record ChainProblem(long Seq, string What);

/// <summary>What looking at the whole chain showed. <c>Head</c> is the hash of its newest row: whoever keeps it elsewhere can tell later that nothing before it was rewritten.</summary>
internal sealed record ChainReport(long Rows, string? Head, ChainProblem? Problem);

/// <summary>Proves the audit chain: that no row was changed, removed or moved since it was written.</summary>
internal static class AuditChain
{
    private const int Page = 1000, MaxRemoved = 10_000;

    /// <summary>Reads every row once, in one snapshot. Names the first place that does not fit.</summary>
    public static ChainReport Verify(SqlScope sql)
    {
        var head = AuditRows.Head(sql);
        var (last, rows) = ((AuditRow?)null, 0L);
        while (AuditRows.After(sql, last?.Seq ?? long.MinValue, Page) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                if (Check(sql, last, row) is { } problem)
                {
                    return new(rows, null, problem);
                }

                (last, rows) = (row, rows + 1);
            }
        }

        return new(rows, last?.Hash, CheckHead(head, last, rows));
    }

    private static ChainProblem? Check(SqlScope sql, AuditRow? last, AuditRow row)
    {
        var expected = (last?.Seq ?? 0) + 1;
        if (row.Seq != expected)
        {
            return row.Seq > expected ? new(expected, "removed") : new(row.Seq, "changed"); // a place below 1 was never given
        }

        var intact = AuditHash.Of(row) == row.Hash;
        if (row.Prev == (last?.Hash ?? AuditHead.Empty.Hash))
        {
            return intact ? null : new(row.Seq, "changed");
        }

        if (intact)
        {
            // It still tells what the row before it was: that one was written anew, hash and all.
            return new(last?.Seq ?? row.Seq, "changed");
        }

        return AuditRows.HasHash(sql, row.Prev) ? new(row.Seq, "reordered")
            : FitsFurtherOn(row) ? new(row.Seq, "removed")
            : new(row.Seq, "changed");
    }

    // Rows were removed, and those after them given their numbers.
    private static bool FitsFurtherOn(AuditRow row) =>
        Enumerable.Range(1, MaxRemoved).Any(by => AuditHash.Of(row with { Seq = row.Seq + by }) == row.Hash);

    private static ChainProblem? CheckHead(AuditHead? head, AuditRow? last, long rows) => (head ?? AuditHead.Empty) switch
    {
        var end when end.Seq == (last?.Seq ?? 0) && end.Rows == rows && end.Hash == (last?.Hash ?? "") => null,
        var end when end.Seq > (last?.Seq ?? 0) => new((last?.Seq ?? 0) + 1, "removed"),
        _ => new(last?.Seq ?? 0, "head"),
    };
}
