using Hapi.Hub.Events;
using Hapi.Hub.Sessions;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hapi.Hub.Tests.Sessions;

/// <summary>Two nodes on one PostgreSQL.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private readonly List<HubWriter> _writers = [];
    private Database? _database;
    private HubReader? _reader;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_the_same_row_at_once_are_all_written()
    {
        var stores = new[] { await NodeAsync(), await NodeAsync() };
        await AddAsync(stores[0]);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => stores[i % 2].EditAsync("s1", false, edit =>
        {
            edit.ChangeMetadata(metadata => metadata[$"k{i}"] = i);
            return true;
        }, Token)));

        var row = await RowAsync();
        Assert.Equal(200, JsonObjects.Parse(row.Metadata).Count(p => p.Key.StartsWith('k')));
        Assert.Equal(201, row.MetadataVersion);
    }

    [Fact]
    public async Task A_row_that_somebody_without_the_lock_changes_in_between_is_read_again()
    {
        var store = await NodeAsync();
        await AddAsync(store);
        var runs = 0;

        await store.EditAsync("s1", false, edit =>
        {
            edit.ChangeMetadata(metadata => metadata["ours"] = true);
            if (++runs <= 4)
            {
                using var connection = _database!.Source.OpenConnection();
                using var sql = new SqlScope(connection, null);
                var theirs = SessionRows.Find(sql, "s1")!;
                var metadata = JsonObjects.Parse(theirs.Metadata);
                metadata[$"theirs{runs}"] = true;
                (theirs.Metadata, theirs.Seq) = (JsonObjects.Text(metadata), theirs.Seq + 1);
                SessionRows.Update(sql, theirs);
            }

            return true;
        }, Token);

        Assert.Equal(5, runs);
        Assert.Equal("""{"theirs1":true,"theirs2":true,"theirs3":true,"theirs4":true,"ours":true}""", (await RowAsync()).Metadata);
    }

    [Fact]
    public async Task A_message_that_another_node_added_in_between_keeps_its_place()
    {
        var store = await NodeAsync();
        await AddAsync(store);
        var runs = 0;

        await store.EditAsync("s1", false, edit =>
        {
            if (++runs == 1)
            {
                using var connection = _database!.Source.OpenConnection();
                using var sql = new SqlScope(connection, null);
                sql.Execute("insert into messages (session_id, seq, id, content, created_at, position_at, invoked_at) values ('s1', 1, 'theirs', convert_to('{}', 'UTF8'), 1, 1, 1)");
                sql.Execute("update sessions set seq = seq + 1, message_seq = 1 where id = 's1'");
            }

            edit.AddMessage(JsonObjects.Raw("{}"), 1, null, waiting: false);
            return true;
        }, Token);

        Assert.Equal((2, 2L), (runs, (await RowAsync()).MessageSeq));
    }

    public async ValueTask InitializeAsync()
    {
        _database = Database.Open(await PostgresServer.CreateDatabaseAsync());
        await Schema.PrepareAsync(_database, Token);
        _reader = new HubReader(_database);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }

        if (_database is { } database)
        {
            await _reader!.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private async Task<SessionStore> NodeAsync()
    {
        var (time, live) = (TimeProvider.System, new LiveSessions());
        var writer = new HubWriter(_database!, new EventFeed(new EventIds { StoreId = "store" }, time), time, NullLogger<HubWriter>.Instance);
        await writer.StartAsync(Token);
        _writers.Add(writer);
        var waiters = new Waiters(time);
        return new SessionStore(_reader!, writer, new SessionEdits(live, new SessionIndex(_reader!, live, time), waiters), live, waiters);
    }

    private async Task AddAsync(SessionStore store) => await _writers[0].WriteAsync(scope =>
    {
        SessionRows.Insert(scope.Sql, new SessionRow
        {
            Id = "s1", Namespace = "default", Tag = "t", Flavor = "demo", CreatedAt = 1, UpdatedAt = 1, Metadata = "{}", AgentState = "{}",
        });
        return store;
    }, Token);

    private async Task<SessionRow> RowAsync() => (await _reader!.ReadAsync(sql => SessionRows.Find(sql, "s1"), Token))!;
}
