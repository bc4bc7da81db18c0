using Hapi.Contracts.Events;
using Hapi.Hub.Events;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Hapi.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hapi.Hub.Tests.Storage;

public sealed class SqliteStoreTests() : StoreTests(StoreKind.Sqlite);

public sealed class PostgresStoreTests() : StoreTests(StoreKind.Postgres);

/// <summary>What the store must do on every database.</summary>
public abstract class StoreTests(StoreKind kind) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private string _store = "";
    private Database? _database;
    private HubReader? _reader;
    private HubWriter? _writer;
    private EventFeed? _feed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_that_throws_spoils_nobody_and_leaves_nothing()
    {
        var units = Enumerable.Range(0, 20).Select(i => _writer!.WriteAsync(scope =>
        {
            Machine(scope, $"m{i}");
            return i % 5 == 3 ? throw new InvalidOperationException($"{i}") : i;
        }, Token)).ToList();

        foreach (var (task, i) in units.Select((t, i) => (t, i)))
        {
            if (i % 5 == 3)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => task);
            }
            else
            {
                Assert.Equal(i, await task);
            }
        }

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 5 != 3).Select(i => $"m{i}").Order(), (await MachinesAsync()).Order());
    }

    [Fact]
    public async Task A_statement_that_the_database_refuses_leaves_the_writer_working()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => _writer!.WriteAsync(scope =>
        {
            Machine(scope, "half");
            return scope.Sql.Execute("insert into nowhere values (1)");
        }, Token));

        await _writer!.WriteAsync(scope => Machine(scope, "whole"), Token);

        Assert.Equal(["whole"], await MachinesAsync());
    }

    [Fact]
    public async Task Units_run_in_the_order_they_were_given()
    {
        var order = new List<int>();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _writer!.WriteAsync(scope =>
        {
            scope.AfterCommit.Add(() => order.Add(i));
            return i;
        }, Token)));

        Assert.Equal(Enumerable.Range(0, 500), order);
    }

    [Fact]
    public async Task Events_are_published_after_the_commit_and_not_at_all_without_one()
    {
        var subscription = new EventSubscription(new EventFilter("n", true, null, null), null);
        using var following = _feed!.Follow(subscription);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _writer!.WriteAsync<int>(scope =>
        {
            Publish(scope, "lost");
            throw new InvalidOperationException();
        }, Token));
        await _writer!.WriteAsync(scope => Publish(scope, "kept"), Token);

        var block = subscription.Take()!;
        Assert.Contains("kept", System.Text.Encoding.UTF8.GetString(block.Plain), StringComparison.Ordinal);
        Assert.Null(subscription.Take());
    }

    [Fact]
    public async Task A_follower_that_does_not_keep_up_is_dropped_and_holds_nobody_up()
    {
        var slow = new EventSubscription(new EventFilter("n", true, null, null), null);
        var quick = new EventSubscription(new EventFilter("n", true, null, null), null);
        using var one = _feed!.Follow(slow);
        using var two = _feed.Follow(quick);
        var name = new string('x', 1 << 20);
        var seen = 0;
        for (var i = 0; i < 20; i++)
        {
            await _writer!.WriteAsync(scope => Publish(scope, name), Token);
            seen += quick.Take() is null ? 0 : 1;
        }

        Assert.Equal(20, seen);
        while (slow.Take() is not null)
        {
        }

        Assert.False(await slow.WaitAsync(Token));
    }

    [Fact]
    public async Task Reads_see_one_moment_while_the_writer_goes_on()
    {
        await _writer!.WriteAsync(scope => Machine(scope, "m0"), Token);
        var counts = await _reader!.ReadAsync(sql =>
        {
            var before = sql.Scalar<long>("select count(*) from machines");
            _writer.WriteAsync(scope => Machine(scope, "m1"), Token).GetAwaiter().GetResult();
            return (before, sql.Scalar<long>("select count(*) from machines"));
        }, Token);

        Assert.Equal((1, 1), counts);
        Assert.Equal(2, (await MachinesAsync()).Count);
    }

    [Fact]
    public async Task The_log_keeps_the_larger_of_a_day_and_the_newest_rows()
    {
        await _writer!.WriteAsync(scope => Enumerable.Range(0, 10).Sum(_ => EventRows.Append(scope, "n", "s", null, "session", null)), Token);
        _time.Advance(TimeSpan.FromHours(25));
        await _writer.WriteAsync(scope => Enumerable.Range(0, 5).Sum(_ => EventRows.Append(scope, "n", "s", null, "session", null)), Token);
        async Task<long> LeftAsync(long keep)
        {
            await _writer.WriteAsync(scope => EventRows.Prune(scope.Sql, keep, scope.Now - 86_400_000), Token);
            return await _reader!.ReadAsync(sql => sql.Scalar<long>("select count(*) from events"), Token);
        }

        Assert.Equal(15, await LeftAsync(100));
        Assert.Equal(8, await LeftAsync(8));
        Assert.Equal(5, await LeftAsync(1));
    }

    [Fact]
    public async Task Preparing_twice_changes_nothing_and_a_newer_store_is_refused()
    {
        await _writer!.WriteAsync(scope => Machine(scope, "m0"), Token);
        await Schema.PrepareAsync(_database!, Token);
        Assert.Equal(["m0"], await MachinesAsync());

        await _writer.WriteAsync(scope => scope.Sql.Execute("insert into schema_version (version) values (99)"), Token);
        Assert.Equal("store_too_new", (await Assert.ThrowsAsync<HubStartException>(() => Schema.PrepareAsync(_database!, Token))).Code);
    }

    [Fact]
    public async Task A_store_keeps_its_name()
    {
        var first = await _writer!.WriteAsync(scope => EventRows.StoreId(scope.Sql), Token);

        Assert.Equal(first, await _writer.WriteAsync(scope => EventRows.StoreId(scope.Sql), Token));
        Assert.Equal(8, first.Length);
    }

    [Fact]
    public async Task A_writer_that_stops_has_written_what_it_accepted_and_takes_no_more()
    {
        var accepted = Enumerable.Range(0, 100).Select(i => _writer!.WriteAsync(scope => Machine(scope, $"m{i}"), Token)).ToList();

        await _writer!.StopAsync(Token);

        await Task.WhenAll(accepted);
        Assert.Equal(100, (await MachinesAsync()).Count);
        await Assert.ThrowsAsync<HubStoppingException>(() => _writer.WriteAsync(scope => Machine(scope, "late"), Token));
    }

    public async ValueTask InitializeAsync()
    {
        _store = kind is StoreKind.Postgres ? await PostgresServer.CreateDatabaseAsync() : _folder["hub.db"];
        _database = Database.Open(_store);
        await Schema.PrepareAsync(_database, Token);
        _feed = new EventFeed(new EventIds { StoreId = "store" }, _time);
        _reader = new HubReader(_database);
        _writer = new HubWriter(_database, _feed, _time, NullLogger<HubWriter>.Instance);
        await _writer.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is { } writer)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
            await _reader!.DisposeAsync();
            await _database!.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool Machine(WriteScope scope, string id)
    {
        MachineRows.Save(scope.Sql, new MachineRow(id, "n", 1, scope.Now, scope.Now, "{}", 1));
        return true;
    }

    private static bool Publish(WriteScope scope, string session)
    {
        var seq = EventRows.Append(scope, "n", "s", null, EventKinds.SessionRemoved, null);
        scope.Events.Add(HubEvent.Of(seq, "n", "s", null, new SessionRemoved(session, "n"), Contracts.HubJson.Default.SessionRemoved));
        return true;
    }

    private Task<List<string>> MachinesAsync() => _reader!.ReadAsync(sql => sql.Rows("select id from machines", r => r.GetString(0)), Token);
}
