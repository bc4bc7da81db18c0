using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using Hapi.Hub.Events;

namespace Hapi.Hub.Storage;

/// <summary>
/// The only one that writes. Units of work run one after another; what queued meanwhile shares a commit, an idle writer commits at once.
/// A unit that throws spoils nobody else: then each of its batch gets a transaction of its own. One that loses a race against another writer
/// runs again with fresh rows, <see cref="MaxAttempts"/> times in all. A unit's task completes after the commit.
/// Units may therefore run several times, and must change nothing but their scope.
/// </summary>
internal sealed partial class HubWriter(Database database, EventFeed feed, TimeProvider time, ILogger<HubWriter> logger) : BackgroundService
{
    public const int MaxAttempts = 5;
    private const int MaxBatch = 256;
    private readonly Channel<Unit> _units = Channel.CreateBounded<Unit>(new BoundedChannelOptions(4096) { SingleReader = true });
    private DbConnection? _connection;
    private SqlScope? _sql;

    /// <exception cref="HubStoppingException">The hub is stopping; nothing was written.</exception>
    /// <exception cref="WriteConflictException">Another writer came between each time; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteScope, T> work, CancellationToken cancellationToken)
    {
        var unit = new Unit<T>(work);
        if (!_units.Writer.TryWrite(unit))
        {
            try
            {
                await _units.Writer.WriteAsync(unit, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new HubStoppingException();
            }
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
        var batch = new List<Unit>(MaxBatch);
        while (await _units.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _units.Reader.TryRead(out var unit))
            {
                batch.Add(unit);
            }

            if (!Commit(batch))
            {
                batch.ForEach(unit => Commit([unit]));
            }
        }

        Disconnect();
    }

    // Gives false when nothing was written and each unit is to be tried alone.
    private bool Commit(List<Unit> batch, int attempt = 1)
    {
        WriteScope scope;
        try
        {
            scope = Run(batch);
        }
        catch (Exception ex)
        {
            if (_connection?.State is not ConnectionState.Open)
            {
                Disconnect();
            }

            if (batch.Count > 1)
            {
                return false;
            }

            if (attempt < MaxAttempts && Database.IsLostRace(ex))
            {
                return Commit(batch, attempt + 1);
            }

            if (ex is DbException)
            {
                LogFailed(ex);
            }

            batch[0].Fail(ex);
            return true;
        }

        try
        {
            feed.Publish(scope.Events);
            scope.AfterCommit.ForEach(action => action());
        }
        catch (Exception ex)
        {
            LogNotTold(ex); // it is written all the same
        }

        batch.ForEach(unit => unit.Complete());
        return true;
    }

    private WriteScope Run(List<Unit> batch)
    {
        var sql = Connect();
        using var transaction = _connection!.BeginTransaction();
        sql.Transaction = transaction;
        var scope = new WriteScope(sql, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (database.Dialect is "postgres")
        {
            // Event ids must be in commit order across nodes, or a client could skip one that commits late.
            sql.Execute("select pg_advisory_xact_lock(727274)");
        }

        foreach (var unit in batch)
        {
            unit.Work(scope);
        }

        scope.BeforeCommit.ForEach(action => action());
        scope.Log.Flush();
        scope.Audit.Flush();
        transaction.Commit();
        return scope;
    }

    private SqlScope Connect()
    {
        if (_sql is null)
        {
            _connection = database.Source.OpenConnection();
            _sql = new SqlScope(_connection, null);
        }

        return _sql;
    }

    private void Disconnect()
    {
        _sql?.Dispose();
        _connection?.Dispose();
        (_sql, _connection) = (null, null);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A write failed; who asked for it was told.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "What was written could not be told to everybody.")]
    private partial void LogNotTold(Exception exception);

    private abstract class Unit
    {
        public abstract void Work(WriteScope scope);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Unit<T>(Func<WriteScope, T> work) : Unit
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;

        public override void Work(WriteScope scope) => _result = work(scope);

        public override void Complete() => _done.TrySetResult(_result!);

        public override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
