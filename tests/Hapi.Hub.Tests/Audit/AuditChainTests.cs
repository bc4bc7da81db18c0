using Hapi.Hub.Audit;
using Hapi.Hub.Storage;
using Hapi.Hub.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hapi.Hub.Tests.Audit;

public sealed class SqliteAuditChainTests() : AuditChainTests(StoreKind.Sqlite);

public sealed class PostgresAuditChainTests() : AuditChainTests(StoreKind.Postgres);

/// <summary>The chain shows what was done to the table past the hub, and where.</summary>
public abstract class AuditChainTests(StoreKind store) : HubTests(store)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Hub.SignInAsync();
        var writer = Hub.App.Services.GetRequiredService<HubWriter>();
        // Two are there: the token that was made, and the sign-in.
        await writer.WriteAsync(scope => Enumerable.Range(3, 6).Aggregate(true, (_, i) => Add(scope, $"act {i}")), Token);
    }

    [Fact]
    public async Task What_the_hub_wrote_is_whole()
    {
        Assert.Equal("ok", await Hub.VerifyAsync());
        var proof = (await Hub.GetAsync("/api/audit/verify")).Body;

        Assert.Equal((8, (await Hub.ActsAsync())[^1].GetProperty("hash").GetString()), (proof.GetProperty("rows").GetInt64(), proof.GetProperty("head").GetString()));
    }

    [Theory]
    [InlineData("at = at + 1")]
    [InlineData("namespace = 'other'")]
    [InlineData("session_id = 's9'")]
    [InlineData("machine_id = 'm9'")]
    [InlineData("kind = 'session.renamed'")]
    [InlineData("actor_kind = 'user'")]
    [InlineData("actor_id = 'd9'")]
    [InlineData("actor_name = 'somebody else'")]
    [InlineData("channel = 'link'")]
    [InlineData("subject = 'nothing'")]
    [InlineData("subject = null")]
    [InlineData("subject = null, reason = subject")]
    [InlineData("reason = ''")]
    [InlineData("was = '{}'")]
    [InlineData("became = '{}'")]
    [InlineData("prev = 'f'")]
    [InlineData("hash = 'f'")]
    public async Task A_changed_column_is_found_in_its_row(string change)
    {
        await Hub.TamperAsync($"update audit set {change} where seq = 5");

        Assert.Equal("changed 5", await Hub.VerifyAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task A_change_is_found_at_both_ends(long seq)
    {
        await Hub.TamperAsync($"update audit set reason = 'changed' where seq = {seq}");

        Assert.Equal($"changed {seq}", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_changed_row_whose_hash_was_made_anew_is_found_by_the_row_after_it()
    {
        await RewriteAsync(5);

        Assert.Equal("changed 5", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task The_last_row_rewritten_hash_and_all_does_not_fit_the_note_of_the_end()
    {
        await RewriteAsync(8);

        Assert.Equal("head 8", await Hub.VerifyAsync());
    }

    [Theory]
    [InlineData("seq = 1", 1)]
    [InlineData("seq = 4", 4)]
    [InlineData("seq in (4, 5)", 4)]
    [InlineData("seq = 8", 8)]
    [InlineData("seq > 5", 6)]
    [InlineData("seq > 0", 1)]
    public async Task A_removed_row_is_missed_in_its_place(string rows, long seq)
    {
        await Hub.TamperAsync($"delete from audit where {rows}");

        Assert.Equal($"removed {seq}", await Hub.VerifyAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Removed_rows_are_missed_though_the_others_were_moved_up(int count)
    {
        await Hub.TamperAsync($"delete from audit where seq >= 4 and seq < {4 + count}",
            $"update audit set seq = -(seq - {count}) where seq >= 4", "update audit set seq = -seq where seq < 0");

        Assert.Equal("removed 4", await Hub.VerifyAsync());
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 5)]
    [InlineData(3, 6)]
    [InlineData(7, 8)]
    public async Task Two_rows_that_changed_places_are_found_at_the_first(long first, long second)
    {
        await Hub.TamperAsync($"update audit set seq = 1000 where seq = {first}", $"update audit set seq = {first} where seq = {second}", $"update audit set seq = {second} where seq = 1000");

        Assert.Equal($"reordered {first}", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_row_put_in_between_is_found()
    {
        await Hub.TamperAsync("update audit set seq = -(seq + 1) where seq >= 5", "update audit set seq = -seq where seq < 0",
            "insert into audit (seq, at, namespace, kind, actor_kind, channel, prev, hash) select 5, at, namespace, kind, actor_kind, channel, hash, 'f' from audit where seq = 4");

        Assert.Equal("changed 5", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_row_put_at_the_end_does_not_fit_the_note_of_the_end_and_stops_nobody()
    {
        await Hub.TamperAsync("insert into audit (seq, at, namespace, kind, actor_kind, channel, prev, hash) select 9, at, namespace, kind, actor_kind, channel, hash, 'f' from audit where seq = 8");
        Assert.Equal("changed 9", await Hub.VerifyAsync());

        await Hub.App.Services.GetRequiredService<HubWriter>().WriteAsync(scope => Add(scope, "later"), Token);

        Assert.Equal("later", (await Hub.ActsAsync())[^1].GetProperty("subject").GetString());
        Assert.Equal("changed 9", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_note_of_the_end_that_was_taken_away_is_missed_for_ever()
    {
        await Hub.TamperAsync("delete from meta where key = 'audit_head'");
        Assert.Equal("head 8", await Hub.VerifyAsync());

        await Hub.App.Services.GetRequiredService<HubWriter>().WriteAsync(scope => Add(scope, "later"), Token);

        Assert.NotEqual("ok", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task The_end_removed_is_missed_also_after_the_hub_went_on()
    {
        await Hub.TamperAsync("delete from audit where seq > 6");
        await Hub.App.Services.GetRequiredService<HubWriter>().WriteAsync(scope => Add(scope, "later"), Token);

        Assert.Equal("removed 7", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_change_that_fails_leaves_no_row_and_no_gap()
    {
        var writer = Hub.App.Services.GetRequiredService<HubWriter>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync<bool>(scope =>
        {
            Add(scope, "lost");
            throw new InvalidOperationException();
        }, Token));
        await writer.WriteAsync(scope => Add(scope, "kept"), Token);

        Assert.Equal("ok", await Hub.VerifyAsync());
        Assert.Equal((9, "kept"), ((await Hub.ActsAsync())[^1].GetProperty("seq").GetInt64(), (await Hub.ActsAsync())[^1].GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task The_chain_goes_on_after_a_restart()
    {
        await Hub.RestartAsync();
        await Hub.App.Services.GetRequiredService<HubWriter>().WriteAsync(scope => Add(scope, "later"), Token);

        Assert.Equal("ok", await Hub.VerifyAsync());
        Assert.Equal(9, (await Hub.ActsAsync())[^1].GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Texts_that_no_database_takes_are_written_without_them_and_fit_their_hash()
    {
        await Hub.App.Services.GetRequiredService<HubWriter>().WriteAsync(scope => Add(scope, "a\0b \uD83D c \u00e9 \U0001F600" + new string('x', 2000)), Token);

        Assert.Equal("ok", await Hub.VerifyAsync());
        Assert.StartsWith("ab \uFFFD c \u00e9 \U0001F600xxx", (await Hub.ActsAsync())[^1].GetProperty("subject").GetString(), StringComparison.Ordinal);
    }

    private static bool Add(WriteScope scope, string subject)
    {
        scope.Audit.Add(new AuditEntry(AuditKinds.DeviceRevoked, "default", AuditActor.Hub, AuditChannels.Hub) { Subject = subject });
        return true;
    }

    // As whoever knows how the hash is made would do it.
    private async Task RewriteAsync(long seq)
    {
        var row = (await Hub.App.Services.GetRequiredService<HubReader>().ReadAsync(sql => AuditRows.After(sql, seq - 1, 1), Token))[0] with { Reason = "rewritten" };
        await Hub.TamperAsync($"update audit set reason = 'rewritten', hash = '{AuditHash.Of(row)}' where seq = {seq}");
    }
}
