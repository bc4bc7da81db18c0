using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Audit;

public sealed class SqliteAuditEndpointTests() : AuditEndpointTests(StoreKind.Sqlite);

public sealed class PostgresAuditEndpointTests() : AuditEndpointTests(StoreKind.Postgres);

public abstract class AuditEndpointTests(StoreKind store) : HubTests(store)
{
    private readonly ManualTime _time = new();

    protected override HubOptions Options(HubOptions options) => new() { Home = options.Home, Port = options.Port, Store = options.Store, Time = _time };

    [Theory]
    [InlineData("/api/audit")]
    [InlineData("/api/audit/verify")]
    public async Task Only_the_owner_reads_the_audit(string path)
    {
        var (phone, _) = await Hub.PairAsync("default");
        var (other, _) = await Hub.PairAsync("work");

        Assert.Equal(HttpStatusCode.OK, (await Hub.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync(path, "")).Status);
        foreach (var token in new[] { phone, other })
        {
            var refused = await Hub.GetAsync(path, await Hub.SignInAsync(token));
            Assert.Equal((HttpStatusCode.Forbidden, "owner_only"), (refused.Status, refused.Code));
        }
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_and_miss_nothing_that_comes_meanwhile()
    {
        for (var i = 0; i < 7; i++)
        {
            await Hub.PostAsync("/api/pairing-codes", new { name = $"{i}" });
        }

        var (seen, before) = (new List<long>(), "");
        do
        {
            var page = (await Hub.GetAsync($"/api/audit?limit=2{before}")).Body;
            seen.AddRange(page.GetProperty("acts").EnumerateArray().Select(a => a.GetProperty("seq").GetInt64()));
            before = page.TryGetProperty("nextBefore", out var next) ? $"&before={next.GetInt64()}" : "";
            await Hub.PostAsync("/api/pairing-codes", new { name = "meanwhile" });
        }
        while (before.Length > 0);

        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task Filters_leave_what_fits()
    {
        var (phone, id) = await Hub.PairAsync("default", "my phone");
        var start = _time.Now;
        await using var one = await LinkClient.OpenAsync(Hub, "s1");
        await using var two = await LinkClient.OpenAsync(Hub, "s2");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "n" }, await Hub.SignInAsync(phone));
        async Task<string[]> KindsAsync(string query) => [.. (await Hub.ActsAsync(query)).Select(a => $"{a.GetProperty("kind").GetString()}")];

        Assert.Equal(["session.started", "session.renamed"], await KindsAsync("session=s1"));
        Assert.Equal(["session.started"], await KindsAsync("session=s2"));
        Assert.Empty(await KindsAsync("session=s"));
        Assert.Equal(["session.started", "session.started", "session.renamed"], await KindsAsync("kind=session."));
        Assert.Equal(["session.renamed"], await KindsAsync("kind=session.renamed"));
        Assert.Empty(await KindsAsync("kind=session"));
        Assert.Empty(await KindsAsync("kind=session.renam"));
        Assert.Equal(["device.paired", "sign_in.succeeded", "session.renamed"], await KindsAsync($"actor={id}"));
        Assert.Equal(["device.paired", "sign_in.succeeded", "session.renamed"], await KindsAsync("actor=my%20phone"));
        Assert.Equal(["device.paired", "sign_in.succeeded", "session.renamed"], await KindsAsync("actor=device"));
        Assert.Equal(["session.renamed"], await KindsAsync($"from={_time.Now}&kind=session."));
        Assert.Equal(["session.started", "session.started"], await KindsAsync($"from={start}&to={start}&kind=session."));
        Assert.Equal(["session.renamed"], await KindsAsync($"actor=my%20phone&session=s1&kind=session.&from={start}&to={_time.Now}"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("limit=")]
    [InlineData("limit=1&limit=2")]
    [InlineData("before=0")]
    [InlineData("before=-1")]
    [InlineData("before=99999999999999999999")]
    [InlineData("from=yesterday")]
    [InlineData("to=-1")]
    [InlineData("from=2&to=1")]
    [InlineData("kind=Session.started")]
    [InlineData("kind=.")]
    [InlineData("kind=session%25")]
    [InlineData("kind=")]
    [InlineData("session=")]
    [InlineData("session=a%00b")]
    [InlineData("actor=%00")]
    public async Task A_value_that_cannot_be_meant_is_refused(string query)
    {
        var answer = await Hub.GetAsync("/api/audit?" + query);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_query"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Quotes_in_a_filter_are_letters()
    {
        Assert.Empty(await Hub.ActsAsync("actor=x'%20or%20'1'%3D'1"));
        Assert.Equal("ok", await Hub.VerifyAsync());
    }

    [Fact]
    public async Task A_sessions_history_is_for_whoever_may_see_the_session()
    {
        var (phone, _) = await Hub.PairAsync("work", "my phone");
        await using var ours = await LinkClient.OpenAsync(Hub, "s1");
        await using var theirs = await LinkClient.OpenAsync(Hub, "s2", phone, machine: "m2");
        var signedIn = await Hub.SignInAsync(phone);

        var history = await Hub.GetAsync("/api/sessions/s2/history", signedIn);
        var act = Assert.Single(history.Body.GetProperty("acts").EnumerateArray());
        Assert.Equal("session.started cli box link demo -", act.Line());
        Assert.False(act.TryGetProperty("hash", out _));
        Assert.Equal((HttpStatusCode.Forbidden, "access_denied"), await RefusalAsync("/api/sessions/s1/history", signedIn));
        Assert.Equal((HttpStatusCode.NotFound, "session_not_found"), await RefusalAsync("/api/sessions/s9/history", signedIn));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_query"), await RefusalAsync("/api/sessions/s2/history?limit=0", signedIn));
    }

    [Fact]
    public async Task A_history_shows_nothing_of_a_session_that_had_the_id_before_in_another_namespace()
    {
        var (phone, _) = await Hub.PairAsync("work", "my phone");
        await using (var ours = await LinkClient.OpenAsync(Hub, "s1"))
        {
            await ours.AppendAsync(Facts.Ended());
        }

        await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name = "ours" });
        await Hub.DeleteAsync("/api/sessions/s1");
        await Hub.RestartAsync(); // until then the hub knows that the session was deleted
        await using var theirs = await LinkClient.OpenAsync(Hub, "s1", phone, generation: 2, machine: "m2");

        var acts = (await Hub.GetAsync("/api/sessions/s1/history", await Hub.SignInAsync(phone))).Body.GetProperty("acts");
        Assert.Equal("session.started", Assert.Single(acts.EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_history_comes_in_pages()
    {
        await using var link = await LinkClient.OpenAsync(Hub, "s1");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Hub.SendAsync(HttpMethod.Patch, "/api/sessions/s1", new { name });
        }

        var first = (await Hub.GetAsync("/api/sessions/s1/history?limit=3")).Body;
        var second = (await Hub.GetAsync($"/api/sessions/s1/history?limit=3&before={first.GetProperty("nextBefore").GetInt64()}")).Body;
        Assert.Equal(["c", "b", "a"], first.GetProperty("acts").EnumerateArray().Select(a => a.GetProperty("after").GetProperty("name").GetString()));
        Assert.Equal("session.started", Assert.Single(second.GetProperty("acts").EnumerateArray()).GetProperty("kind").GetString());
        Assert.False(second.TryGetProperty("nextBefore", out _));
    }

    private async Task<(HttpStatusCode, string?)> RefusalAsync(string path, string token)
    {
        var answer = await Hub.GetAsync(path, token);
        return (answer.Status, answer.Code);
    }
}
