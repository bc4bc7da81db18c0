using System.Threading.Channels;
using Hapi.Hub.Events;

namespace Hapi.Hub.Storage;

/// <summary>What one unit of work may use: the open transaction, and the events that its commit will publish.</summary>
internal sealed class WriteScope(SqlScope sql, long now)
{
    public SqlScope Sql { get; } = sql;

    /// <summary>Milliseconds since 1970, the same for the whole batch.</summary>
    public long Now { get; } = now;

    /// <summary>Published in this order, and only after the commit.</summary>
    public List<HubEvent> Events { get; } = [];

    /// <summary>Run after the commit, in order.</summary>
    public List<Action> AfterCommit { get; } = [];
}

/// <summary>
/// The only one that writes. Units of work run one after another; what queued meanwhile shares a commit, an idle writer commits at once.
/// Each unit has a savepoint of its own: one that throws spoils nobody else. A unit's task completes after the commit.
/// </summary>
internal sealed partial class HubWriter(Database database, EventFeed feed, TimeProvider time, ILogger<HubWriter> logger) : BackgroundService
{
    private const int MaxBatch = 256;
    private readonly Channel<Unit> _units = Channel.CreateBounded<Unit>(new BoundedChannelOptions(4096) { SingleReader = true });

    /// <exception cref="HubStoppingException">The hub is stopping; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteScope, T> work, CancellationToken cancellationToken)
    {
        var unit = new Unit<T>(work);
        try
        {
            await _units.Writer.WriteAsync(unit, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new HubStoppingException();
        }

        return await unit.Task;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _units.Writer.TryComplete(); // what was accepted is written before the hub ends
        await (ExecuteTask ?? Task.CompletedTask);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await using var connection = await database.Source.OpenConnectionAsync(CancellationToken.None);
        using var sql = new SqlScope(connection, null);
        var batch = new List<Unit>(MaxBatch);
        while (await _units.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _units.Reader.TryRead(out var unit))
            {
                batch.Add(unit);
            }

            try
            {
                sql.Transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                var scope = new WriteScope(sql, time.GetUtcNow().ToUnixTimeMilliseconds());
                if (database.Dialect is "postgres")
                {
                    // Event ids must be in commit order across nodes, or a client could skip one that commits late.
                    sql.Execute("select pg_advisory_xact_lock(727274)");
                }

                foreach (var unit in batch)
                {
                    Run(unit, scope);
                }

                await sql.Transaction.CommitAsync(CancellationToken.None);
                feed.Publish(scope.Events);
                scope.AfterCommit.ForEach(action => action());
                batch.ForEach(unit => unit.Complete());
            }
            catch (Exception ex)
            {
                LogFailed(ex);
                batch.ForEach(unit => unit.Fail(ex));
            }
            finally
            {
                await sql.Transaction!.DisposeAsync();
            }
        }
    }

    private static void Run(Unit unit, WriteScope scope)
    {
        var (events, actions) = (scope.Events.Count, scope.AfterCommit.Count);
        scope.Sql.Execute("savepoint unit");
        try
        {
            unit.Work(scope);
            scope.Sql.Execute("release savepoint unit");
        }
        catch (Exception ex)
        {
            scope.Sql.Execute("rollback to savepoint unit");
            scope.Sql.Execute("release savepoint unit");
            scope.Events.RemoveRange(events, scope.Events.Count - events);
            scope.AfterCommit.RemoveRange(actions, scope.AfterCommit.Count - actions);
            unit.Refuse(ex);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit failed; its writers were told.")]
    private partial void LogFailed(Exception exception);

    private abstract class Unit
    {
        private Exception? _refused;

        public abstract void Work(WriteScope scope);

        public void Refuse(Exception exception) => _refused = exception;

        public void Complete()
        {
            if (_refused is { } refused)
            {
                Fail(refused);
            }
            else
            {
                Succeed();
            }
        }

        public abstract void Fail(Exception exception);

        protected abstract void Succeed();
    }

    private sealed class Unit<T>(Func<WriteScope, T> work) : Unit
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;

        public override void Work(WriteScope scope) => _result = work(scope);

        public override void Fail(Exception exception) => _done.TrySetException(exception);

        protected override void Succeed() => _done.TrySetResult(_result!);
    }
}

/// <summary>The hub is stopping and takes no more writes.</summary>
internal sealed class HubStoppingException() : Exception("The hub is stopping.");
