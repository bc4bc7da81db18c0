using System.Threading.Channels;
using Hapi.Contracts.Link;
using Microsoft.Data.Sqlite;

namespace Hapi.Link;

/// <summary>
/// What a session wants the hub to know, on disk before anything else happens with it, and what the hub has asked, so that it is done once.
/// One process at a time owns the file; each start takes the next generation. A full disk makes callers wait: nothing is dropped.
/// </summary>
public sealed class Outbox : IAsyncDisposable
{
    /// <summary>How large the file may grow while no hub takes anything; then callers wait as on a full disk.</summary>
    public const long DefaultMaxBytes = 4L << 30;

    private const int DiskFull = 13, IoError = 10;
    private static readonly string[] s_parts = ["", "-wal", "-shm"];
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private readonly FileStream _lock;
    private readonly OutboxFile _file;
    private readonly TimeProvider _time;
    private readonly Channel<Unit> _units = Channel.CreateBounded<Unit>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _readGate = new(), _trimGate = new();
    private readonly Dictionary<long, long> _trims = [];
    private readonly Task _writer;
    private long _last;

    private readonly string _path;
    private readonly bool _delivers;

    private Outbox(FileStream owner, OutboxFile file, string path, bool delivers, TimeProvider time)
    {
        (_lock, _file, _path, _delivers, _time) = (owner, file, path, delivers, time);
        // A new file begins at the clock: a file that was lost or set aside is never followed by a generation that the hub knows already.
        Generation = file.NextGeneration(time.GetUtcNow().ToUnixTimeSeconds());
        _writer = Task.Run(WriteAsync);
    }

    public long Generation { get; }

    /// <summary>The number of the last fact that is safe on disk.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Tells why callers wait, while they do.</summary>
    public LiveFault? Fault { get; private set; }

    public event Action? FaultChanged;

    /// <summary>Raised after each commit, on the writer.</summary>
    public event Action? Committed;

    /// <param name="path">The file; its folder is made, for this user only.</param>
    /// <exception cref="OutboxException">
    /// <c>outbox_owned</c>: another live process has it. <c>outbox_damaged</c>: it cannot be read and was set aside. <c>outbox_unavailable</c>: the disk or the rights.
    /// </exception>
    public static Outbox Open(string path, TimeProvider time, long maxBytes = DefaultMaxBytes) => Open(OutboxLock.Take(path), path, false, time, maxBytes);

    /// <summary>Opens what a dead process left, to deliver it; a session that starts meanwhile waits a moment for it.</summary>
    /// <exception cref="OutboxException">As for a session.</exception>
    internal static Outbox OpenToDeliver(string path, TimeProvider time) => Open(OutboxLock.TakeToDeliver(path), path, true, time, DefaultMaxBytes);

    /// <summary>Whether the file holds anything the hub has not. Cheap; a damaged file counts.</summary>
    /// <exception cref="OutboxException"><c>outbox_owned</c> or <c>outbox_unavailable</c>.</exception>
    internal static bool HoldsFacts(string path)
    {
        var owner = OutboxLock.TakeToDeliver(path);
        try
        {
            return OutboxFile.HoldsFacts(path);
        }
        catch (SqliteException)
        {
            return true;
        }
        finally
        {
            OutboxLock.Release(owner, path, delivered: true);
        }
    }

    private static Outbox Open(FileStream owner, string path, bool delivers, TimeProvider time, long maxBytes)
    {
        OutboxFile? file = null;
        try
        {
            file = new OutboxFile(path, maxBytes);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return new Outbox(owner, file, path, delivers, time);
        }
        catch (SqliteException ex)
        {
            file?.Dispose();
            var refusal = OutboxFile.IsDamage(ex)
                ? new OutboxException("outbox_damaged", $"The outbox could not be read; it was kept as {SetAside(path, time)}. Start the session again: it goes on with a new one.", ex)
                : new OutboxException("outbox_unavailable", $"The outbox {path} cannot be used: {ex.Message}", ex);
            OutboxLock.Release(owner, path, delivers);
            throw refusal;
        }
    }

    /// <summary>Completes with the fact's number when it is safe on disk.</summary>
    public Task<long> AppendAsync(Fact fact, CancellationToken cancellationToken) => CommitAsync([fact], [], cancellationToken);

    /// <summary>Writes facts and notes about commands together or not at all. Completes with the number of the last fact.</summary>
    /// <exception cref="OutboxException"><c>fact_too_large</c>.</exception>
    public async Task<long> CommitAsync(IReadOnlyList<Fact> facts, IReadOnlyList<InboxChange> changes, CancellationToken cancellationToken) =>
        (await EnqueueAsync(null, facts, changes, cancellationToken)).Last;

    /// <summary>
    /// Takes a command into the inbox together with the fact that says so. Gives <see langword="false"/>, and writes only the fact,
    /// when the command is known already: it is applied once, and the hub hears of it again.
    /// </summary>
    public async Task<bool> AcceptAsync(Command command, string? localId, Fact accepted, CancellationToken cancellationToken) =>
        (await EnqueueAsync(new Arrival(command, localId), [accepted], [], cancellationToken)).IsNew;

    /// <summary>The prompts the inbox remembers, oldest first.</summary>
    public IReadOnlyList<InboxEntry> Prompts()
    {
        lock (_readGate)
        {
            return _file.Entries(CommandKinds.Message);
        }
    }

    internal List<OutboxFact> Read(long generation, long after, int limit, int maxBytes)
    {
        lock (_readGate)
        {
            return _file.Read(generation, after, limit, maxBytes);
        }
    }

    internal List<long> OlderGenerations()
    {
        lock (_readGate)
        {
            return _file.OlderGenerations(Generation);
        }
    }

    /// <summary>Forgets what the hub has.</summary>
    internal void Trim(long generation, long through)
    {
        lock (_trimGate)
        {
            _trims[generation] = Math.Max(through, _trims.GetValueOrDefault(generation));
        }

        _units.Writer.TryWrite(Unit.OfNothing()); // when there is no room for it the writer comes by anyway
    }

    public async ValueTask DisposeAsync()
    {
        _units.Writer.TryComplete();
        await _closing.CancelAsync(); // a full disk must not hold the exit for ever
        await _writer;
        _file.Dispose();
        OutboxLock.Release(_lock, _path, _delivers);
        _closing.Dispose();
    }

    // The write-ahead log goes along: left behind, it would be played into the next file of this name.
    private static string SetAside(string path, TimeProvider time)
    {
        var aside = $"{path}.damaged-{time.GetUtcNow().ToUnixTimeMilliseconds()}";
        foreach (var part in s_parts.Where(part => File.Exists(path + part)))
        {
            File.Move(path + part, aside + part);
        }

        return aside;
    }

    private async Task<Written> EnqueueAsync(Arrival? arrival, IReadOnlyList<Fact> facts, IReadOnlyList<InboxChange> changes, CancellationToken cancellationToken)
    {
        var bodies = new byte[facts.Count][];
        for (var i = 0; i < facts.Count; i++)
        {
            bodies[i] = FactWriter.Write(facts[i]);
            if (bodies[i].Length > LinkLimits.MaxFactBytes)
            {
                throw new OutboxException("fact_too_large", $"A {facts[i].Kind} of {bodies[i].Length} bytes is over the limit of {LinkLimits.MaxFactBytes}.");
            }
        }

        var unit = Unit.Of(arrival, bodies, changes);
        await _units.Writer.WriteAsync(unit, cancellationToken);
        return await unit.Done.Task; // begun is finished: it may be on disk already
    }

    private async Task WriteAsync()
    {
        var batch = new List<Unit>();
        while (await _units.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < 256 && _units.Reader.TryRead(out var unit))
            {
                batch.Add(unit);
            }

            await WriteBatchAsync(batch);
        }
    }

    private async Task WriteBatchAsync(List<Unit> batch)
    {
        while (true)
        {
            try
            {
                var last = WriteBatch(batch);
                SetFault(null);
                Interlocked.Exchange(ref _last, last);
                batch.ForEach(unit => unit.Done.TrySetResult(unit.Result));
                Committed?.Invoke();
                return;
            }
            catch (SqliteException ex) when (ex.SqliteErrorCode is DiskFull or IoError)
            {
                _file.Rollback();
                if (batch.Count > 1)
                {
                    // There may be room for a part, and what the hub takes of it makes room for the rest.
                    await WriteBatchAsync(batch[..(batch.Count / 2)]);
                    await WriteBatchAsync(batch[(batch.Count / 2)..]);
                    return;
                }

                SetFault(new LiveFault("disk_full", "The disk is full: the agent waits, and goes on when there is room again."));
                if (!await WaitAsync())
                {
                    batch.ForEach(unit => unit.Done.TrySetException(new OutboxException("disk_full", "The disk is full.", ex)));
                    return;
                }
            }
            catch (Exception ex)
            {
                _file.Rollback();
                batch.ForEach(unit => unit.Done.TrySetException(ex));
                return;
            }
        }
    }

    private async Task<bool> WaitAsync()
    {
        try
        {
            await Task.Delay(s_retryEvery, _time, _closing.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private long WriteBatch(List<Unit> batch)
    {
        var last = Last;
        _file.Begin();
        // First, so that what the hub has makes room for what it has not.
        var trims = PendingTrims();
        foreach (var (generation, through) in trims)
        {
            _file.Trim(generation, through);
        }

        foreach (var unit in batch)
        {
            var isNew = unit.Arrival is not { } arrival || _file.Remember(arrival.Command.Id, arrival.Command.Kind, arrival.Command.Body.Utf8, arrival.LocalId);
            foreach (var body in unit.Bodies)
            {
                _file.Insert(Generation, ++last, body);
            }

            foreach (var change in unit.Changes)
            {
                _file.Note(change.CommandId, change.State);
            }

            unit.Result = new(last, isNew);
        }

        _file.Commit();
        Forget(trims);
        return last;
    }

    private List<KeyValuePair<long, long>> PendingTrims()
    {
        lock (_trimGate)
        {
            return [.. _trims];
        }
    }

    private void Forget(List<KeyValuePair<long, long>> trims)
    {
        lock (_trimGate)
        {
            foreach (var (generation, through) in trims.Where(t => _trims.GetValueOrDefault(t.Key) == t.Value))
            {
                _trims.Remove(generation);
            }
        }
    }

    private void SetFault(LiveFault? fault)
    {
        if (Fault?.Code != fault?.Code)
        {
            Fault = fault;
            FaultChanged?.Invoke();
        }
    }

    private sealed record Arrival(Command Command, string? LocalId);

    private readonly record struct Written(long Last, bool IsNew);

    private sealed class Unit
    {
        public TaskCompletionSource<Written> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Arrival? Arrival { get; private init; }

        public byte[][] Bodies { get; private init; } = [];

        public IReadOnlyList<InboxChange> Changes { get; private init; } = [];

        public Written Result { get; set; }

        public static Unit Of(Arrival? arrival, byte[][] bodies, IReadOnlyList<InboxChange> changes) => new() { Arrival = arrival, Bodies = bodies, Changes = changes };

        /// <summary>Only wakes the writer.</summary>
        public static Unit OfNothing() => new();
    }
}
