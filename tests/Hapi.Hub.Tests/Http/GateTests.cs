using System.Net;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Http;

public sealed class GateTests() : HubTests(StoreKind.Sqlite)
{
    protected override HubOptions Options(HubOptions options) => new()
    {
        Home = options.Home,
        Port = options.Port,
        Store = options.Store,
        PublicUrl = new Uri("https://hapi.example"),
        AllowedHosts = ["10.1.2.3"],
        CorsOrigins = ["https://app.example"],
    };

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1", 200)]
    [InlineData("[::1]:9", 200)]
    [InlineData("10.1.2.3", 200)]
    [InlineData("hapi.example", 200)]
    [InlineData("10.1.2.4", 421)]
    public async Task Only_known_host_names_are_answered(string host, int status)
    {
        foreach (var path in new[] { "/health", "/link", "/" })
        {
            var answer = await Hub.SendAsync(HttpMethod.Get, path, token: "", change: r => r.Headers.Host = host);
            Assert.Equal(status == 421, (int)answer.Status == 421);
        }

        var code = (await Hub.SendAsync(HttpMethod.Get, "/health", token: "", change: r => r.Headers.Host = host)).Code;
        Assert.Equal(status == 421 ? "host_not_allowed" : null, code);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("nonsense", false)]
    [InlineData("http://hapi.example", false)]
    [InlineData("https://hapi.example", true)]
    [InlineData("https://app.example", true)]
    public async Task Only_pages_of_known_origins_may_ask(string origin, bool allowed)
    {
        var answer = await Hub.SendAsync(HttpMethod.Get, "/health", token: "", change: r => r.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(allowed ? null : "origin_not_allowed", answer.Code);
        Assert.Equal(origin is "https://app.example", answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_hubs_own_page_may_ask()
    {
        var answer = await Hub.SendAsync(HttpMethod.Get, "/health", token: "", change: r => r.Headers.Add("Origin", Hub.Address.ToString().TrimEnd('/')));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_configured_origin_is_told_what_it_may_send()
    {
        var answer = await Hub.SendAsync(HttpMethod.Options, "/api/sessions", token: "", change: r => r.Headers.Add("Origin", "https://app.example"));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal("authorization,content-type,last-event-id", answer.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/api/sessions")]
    [InlineData("/api/nothing")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var headers = (await Hub.GetAsync(path, "")).Headers;

        Assert.Contains("default-src 'none'", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", headers.GetValues("Referrer-Policy").Single());
        Assert.False(headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/api/sessions")]
    [InlineData("/API/sessions")]
    [InlineData("/Api/Sessions/x/messages")]
    [InlineData("/api//sessions")]
    [InlineData("/api/./sessions")]
    [InlineData("/%61pi/sessions")]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    [InlineData("/api/auth/../sessions")]
    [InlineData("/api/pairing-codes")]
    [InlineData("/api/events")]
    [InlineData("/api/visibility")]
    [InlineData("/api/machines")]
    [InlineData("/api/devices")]
    public async Task However_its_path_is_written_a_route_wants_to_know_who_asks(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
        {
            var answer = await Hub.SendAsync(method, path, token: "");
            Assert.True(answer.Status is HttpStatusCode.Unauthorized || (method == HttpMethod.Get && path.Contains("//", StringComparison.Ordinal)) || answer.Status is HttpStatusCode.MethodNotAllowed, $"{method} {path}: {answer.Status}");
        }
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "route_not_found")]
    [InlineData("GET", "/api", 404, "route_not_found")]
    [InlineData("GET", "/api/sessions/x/y/z", 404, "route_not_found")]
    [InlineData("POST", "/api/sessions", 405, "method_not_allowed")]
    [InlineData("PUT", "/api/sessions/s1/messages", 405, "method_not_allowed")]
    [InlineData("GET", "/api/auth", 405, "method_not_allowed")]
    [InlineData("DELETE", "/api/events", 405, "method_not_allowed")]
    [InlineData("POST", "/somewhere", 405, "method_not_allowed")]
    public async Task What_no_route_takes_is_answered_with_json(string method, string path, int status, string code)
    {
        var answer = await Hub.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        Assert.Equal(status == 405, answer.ContentHeaders.Allow.Count > 0);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_whether_or_not_its_length_is_said()
    {
        var large = new byte[(4 << 20) + 1];
        Array.Fill(large, (byte)' ');
        var said = await Hub.SendAsync(HttpMethod.Post, "/api/auth", new ByteArrayContent(large), "", r => r.Headers.ExpectContinue = true);
        var unsaid = await Hub.SendAsync(HttpMethod.Post, "/api/auth", new StreamContent(new MemoryStream(large)), "", r => r.Headers.TransferEncodingChunked = true);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (said.Status, said.Code));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (unsaid.Status, unsaid.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task The_type_of_a_body_is_not_asked_for(string type)
    {
        using var content = new StringContent($$"""{"accessToken":"{{Hub.OwnerToken}}"}""");
        content.Headers.ContentType = new(type);

        Assert.Equal(HttpStatusCode.OK, (await Hub.SendAsync(HttpMethod.Post, "/api/auth", content, "")).Status);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"accessToken\":\"x\"} trailing")]
    [InlineData("\u0000")]
    public async Task A_body_that_is_no_json_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.SendAsync(HttpMethod.Post, "/api/auth", body, "")).Status);

    [Fact]
    public async Task A_body_that_nests_without_end_is_400() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Hub.SendAsync(HttpMethod.Post, "/api/auth", new string('[', 1_000_000), "")).Status);

    [Fact]
    public async Task Ids_of_any_size_and_kind_are_only_unknown()
    {
        foreach (var id in new[] { new string('x', 6000), "..%2f..%2fetc", "%F0%9F%8C%8D", "' or 1=1 --", "%25" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync($"/api/sessions/{id}/messages")).Status);
        }
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*;q=0.1", true)]
    [InlineData("*, gzip;q=0", false)]
    [InlineData("br", false)]
    [InlineData("GZIP;q=nonsense", true)]
    public async Task Compression_listens_to_the_weights(string accept, bool compressed)
    {
        var links = new List<LinkClient>();
        for (var i = 0; i < 5; i++)
        {
            links.Add(await LinkClient.OpenAsync(Hub));
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Address, "/api/sessions"));
        request.Headers.Authorization = new("Bearer", await Hub.SignInAsync());
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        using var response = await http.SendAsync(request, Token);

        Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        foreach (var link in links)
        {
            await link.DisposeAsync();
        }
    }

    [Fact]
    public async Task Health_needs_no_token_and_says_what_is_there()
    {
        var answer = await Hub.GetAsync("/health", "");

        Assert.Equal(("ok", 1), (answer.Body.GetProperty("status").GetString(), answer.Body.GetProperty("protocolVersion").GetInt32()));
        Assert.False(answer.Body.GetProperty("capabilities").GetProperty("workGraph").GetBoolean());
    }
}
