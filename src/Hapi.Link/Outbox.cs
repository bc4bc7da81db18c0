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
    private const int DiskFull = 13, IoError = 10;
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private readonly FileStream _lock;
    private readonly OutboxFile _file;
    private readonly TimeProvider _time;
    private readonly Channel<Unit> _units = Channel.CreateBounded<Unit>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _readGate = new();
    private readonly Task _writer;
    private long _last;

    private Outbox(FileStream owner, OutboxFile file, TimeProvider time)
    {
        (_lock, _file, _time) = (owner, file, time);
        Generation = file.NextGeneration();
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
    /// <exception cref="OutboxException"><c>outbox_owned</c>: another live process has it. <c>outbox_damaged</c>: it is no outbox; it was set aside.</exception>
    public static Outbox Open(string path, TimeProvider time)
    {
        CreatePrivateFolder(Path.GetDirectoryName(path)!);
        FileStream owner;
        try
        {
            owner = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException ex)
        {
            throw new OutboxException("outbox_owned", "Another process runs this session already.", ex);
        }

        try
        {
            var outbox = new Outbox(owner, new OutboxFile(path), time);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return outbox;
        }
        catch (SqliteException ex)
        {
            owner.Dispose();
            var aside = $"{path}.damaged-{time.GetUtcNow().ToUnixTimeMilliseconds()}";
            File.Move(path, aside);
            throw new OutboxException("outbox_damaged", $"The outbox could not be read; it was kept as {aside}.", ex);
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
    internal void Trim(long generation, long through) => _units.Writer.TryWrite(Unit.OfTrim(generation, through));

    public async ValueTask DisposeAsync()
    {
        _units.Writer.TryComplete();
        await _closing.CancelAsync(); // a full disk must not hold the exit for ever
        await _writer;
        _file.Dispose();
        await _lock.DisposeAsync();
        _closing.Dispose();
    }

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
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

            if (unit.TrimThrough > 0)
            {
                _file.Trim(unit.TrimGeneration, unit.TrimThrough);
            }

            unit.Result = new(last, isNew);
        }

        _file.Commit();
        return last;
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

        public long TrimGeneration { get; private init; }

        public long TrimThrough { get; private init; }

        public Written Result { get; set; }

        public static Unit Of(Arrival? arrival, byte[][] bodies, IReadOnlyList<InboxChange> changes) => new() { Arrival = arrival, Bodies = bodies, Changes = changes };

        public static Unit OfTrim(long generation, long through) => new() { TrimGeneration = generation, TrimThrough = through };
    }
}
