using Hapi.Hub.Audit;
using Hapi.Hub.Events;

namespace Hapi.Hub.Storage;

/// <summary>What the units of one transaction use: the connection, and what their commit brings about.</summary>
internal sealed class WriteScope(SqlScope sql, long now)
{
    public SqlScope Sql { get; } = sql;

    /// <summary>Milliseconds since 1970, the same for the whole transaction.</summary>
    public long Now { get; } = now;

    /// <summary>What units share within the transaction, by key: a row that several of them change is read and written once.</summary>
    public Dictionary<string, object> Shared { get; } = [];

    /// <summary>Run at the end of the transaction, in order.</summary>
    public List<Action> BeforeCommit { get; } = [];

    public EventLogWriter Log { get; } = new(sql, now);

    /// <summary>Who did what, written with the change itself.</summary>
    public AuditLog Audit { get; } = new(sql, now);

    /// <summary>Published in this order, and only after the commit.</summary>
    public List<HubEvent> Events { get; } = [];

    /// <summary>Run after the commit, in order.</summary>
    public List<Action> AfterCommit { get; } = [];
}
