using System.Net;
using System.Text.Json;
using Hapi.Hub.Tests.Support;

namespace Hapi.Hub.Tests.Auth;

public sealed class AuthTests() : HubTests(StoreKind.Sqlite)
{
    private readonly ManualTime _time = new();

    protected override HubOptions Options(HubOptions options) => new() { Home = options.Home, Port = options.Port, Store = options.Store, Time = _time };

    [Fact]
    public async Task The_owners_token_opens_the_hub_and_the_token_it_gives_lives_four_hours()
    {
        var answer = await Hub.PostAsync("/api/auth", new { accessToken = Hub.OwnerToken }, token: "");
        var token = answer.Body.GetProperty("token").GetString()!;

        Assert.Equal("Web User", answer.Body.GetProperty("user").GetProperty("firstName").GetString());
        Assert.True(answer.Body.GetProperty("user").GetProperty("id").GetInt64() > 0);
        Assert.Equal("""{"alg":"HS256"}""", Decode(token, 0));
        Assert.Equal(14_400, JsonElement.Parse(Decode(token, 1)).GetProperty("exp").GetInt64() - JsonElement.Parse(Decode(token, 1)).GetProperty("iat").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await Hub.GetAsync("/api/sessions", token)).Status);
        _time.Advance(TimeSpan.FromHours(4));
        Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"Invalid token"}"""), await TextAsync(Hub.GetAsync("/api/sessions", token)));
    }

    [Fact]
    public async Task Secrets_are_this_users_alone()
    {
        await Hub.SignInAsync();
        foreach (var file in new[] { "settings.json", "jwt-secret.json", "owner-id.json", "hub.db", "hub.db-wal", "hub.db-shm" })
        {
            AssertPrivate(Path.Combine(Hub.Home, file));
        }
    }

    [Theory]
    [InlineData("{}", 400, "Invalid body")]
    [InlineData("", 400, "Invalid body")]
    [InlineData("[]", 400, "Invalid body")]
    [InlineData("""{"accessToken":7}""", 400, "Invalid body")]
    [InlineData("""{"accessToken":""}""", 400, "Invalid body")]
    [InlineData("""{"accessToken":"wrong"}""", 401, "Invalid access token")]
    [InlineData("""{"accessToken":"wrong:default"}""", 401, "Invalid access token")]
    public async Task What_is_no_token_opens_nothing(string body, int status, string error)
    {
        var answer = await Hub.PostAsync("/api/auth", body, token: "");

        Assert.Equal((status, error), ((int)answer.Status, answer.Error));
    }

    [Theory]
    [InlineData(":default", HttpStatusCode.OK)]
    [InlineData(":work", HttpStatusCode.Unauthorized)]
    [InlineData(":", HttpStatusCode.Unauthorized)]
    public async Task Knowing_the_owners_token_opens_no_other_namespace(string suffix, HttpStatusCode status) =>
        Assert.Equal(status, (await Hub.PostAsync("/api/auth", new { accessToken = Hub.OwnerToken + suffix }, token: "")).Status);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjEsIm5zIjoiZGVmYXVsdCIsImV4cCI6OTk5OTk5OTk5OX0.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjEsIm5zIjoiZGVmYXVsdCIsImV4cCI6OTk5OTk5OTk5OX0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJ1aWQiOjEsIm5zIjoiZGVmYXVsdCIsImV4cCI6OTk5OTk5OTk5OX0.")]
    public async Task A_forged_token_is_401(string token)
    {
        var answer = await Hub.GetAsync("/api/sessions", token);

        Assert.Equal((HttpStatusCode.Unauthorized, token.Length == 0 ? "Missing authorization token" : "Invalid token"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_token_that_was_changed_is_void()
    {
        var token = await Hub.SignInAsync();
        for (var i = 0; i < token.Length; i += 7)
        {
            var forged = token[..i] + (token[i] is 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync("/api/sessions", forged)).Status);
        }
    }

    [Fact]
    public async Task The_address_carries_a_token_for_the_event_stream_alone()
    {
        var token = await Hub.SignInAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await Hub.GetAsync($"/api/events?sessionId=nobody&token={token}", "")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync($"/api/sessions?token={token}", "")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync($"/api/events?sessionId=nobody&token=x", "")).Status);
    }

    [Fact]
    public async Task A_code_pairs_one_device_once()
    {
        var code = (await Hub.PostAsync("/api/pairing-codes", new { name = "phone" })).Body;
        var value = code.GetProperty("code").GetString();

        var first = await Hub.PostAsync("/api/pair", new { code = value, name = "ignored" }, token: "");
        var second = await Hub.PostAsync("/api/pair", new { code = value }, token: "");

        Assert.Equal(_time.Now + 600_000, code.GetProperty("expiresAt").GetInt64());
        Assert.Equal("phone", first.Body.GetProperty("device").GetProperty("name").GetString());
        Assert.Equal((HttpStatusCode.Unauthorized, "pairing_code_invalid"), (second.Status, second.Code));
        Assert.Equal(HttpStatusCode.OK, (await Hub.GetAsync("/api/sessions", await Hub.SignInAsync(first.Body.GetProperty("token").GetString()!))).Status);
    }

    [Fact]
    public async Task A_code_is_void_after_ten_minutes()
    {
        var code = (await Hub.PostAsync("/api/pairing-codes")).Body.GetProperty("code").GetString();
        _time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync("/api/pair", new { code }, token: "")).Status);
    }

    [Fact]
    public async Task The_store_holds_no_token_and_no_code()
    {
        var (token, _) = await Hub.PairAsync("default");
        var code = (await Hub.PostAsync("/api/pairing-codes")).Body.GetProperty("code").GetString()!;
        await Hub.StopAsync();

        foreach (var file in Directory.GetFiles(Hub.Home, "hub.db*"))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Token));
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(code, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_devices_name_has_no_control_characters()
    {
        var code = (await Hub.PostAsync("/api/pairing-codes")).Body.GetProperty("code").GetString();

        Assert.Equal("invalid_body", (await Hub.PostAsync("/api/pairing-codes", new { name = "a\0b" })).Code);
        Assert.Equal("myphone", (await Hub.PostAsync("/api/pair", new { code, name = "my\0\nphone" }, token: "")).Body.GetProperty("device").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_revoked_device_is_out_at_once_with_its_streams_and_links()
    {
        var (device, id) = await Hub.PairAsync("default");
        var token = await Hub.SignInAsync(device);
        await using var link = await LinkClient.OpenAsync(Hub, "s1", device);
        await using var events = await EventClient.ConnectAsync(Hub, token: token);
        await events.NextAsync("connection-changed");

        Assert.Equal(HttpStatusCode.OK, (await Hub.DeleteAsync($"/api/devices/{id}")).Status);

        await events.Ended;
        await link.ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync("/api/sessions", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync("/api/auth", new { accessToken = device }, token: "")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "device_not_found"), ((await Hub.DeleteAsync($"/api/devices/{id}")).Status, (await Hub.DeleteAsync($"/api/devices/{id}")).Code));
        Assert.True(Assert.Single((await Hub.GetAsync("/api/devices")).Body.GetProperty("devices").EnumerateArray()).GetProperty("revoked").GetBoolean());
        await Hub.RestartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync("/api/sessions", token)).Status);
    }

    [Fact]
    public async Task Only_the_owner_gives_codes_and_sees_devices_but_a_device_may_leave()
    {
        var (device, id) = await Hub.PairAsync("work");
        var (_, other) = await Hub.PairAsync("work");
        var token = await Hub.SignInAsync(device);

        Assert.Equal((HttpStatusCode.Forbidden, "owner_only"), ((await Hub.PostAsync("/api/pairing-codes", token: token)).Status, (await Hub.PostAsync("/api/pairing-codes", token: token)).Code));
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.GetAsync("/api/devices", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.DeleteAsync($"/api/devices/{other}", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Hub.DeleteAsync($"/api/devices/{id}", token)).Status);
    }

    [Theory]
    [InlineData("/api/auth", """{"accessToken":"wrong"}""")]
    [InlineData("/api/pair", """{"code":"wrong"}""")]
    public async Task Guessing_is_slowed_down_more_and_more(string path, string guess)
    {
        var right = new { accessToken = Hub.OwnerToken };
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync(path, guess, token: "")).Status);
        }

        var locked = await Hub.PostAsync(path, guess, token: "");
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited", 5), (locked.Status, locked.Code, (int)locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Hub.PostAsync("/api/auth", right, token: "")).Status);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync(path, guess, token: "")).Status);
        Assert.Equal(10, (int)(await Hub.PostAsync(path, guess, token: "")).Headers.RetryAfter!.Delta!.Value.TotalSeconds);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/auth", right, token: "")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.PostAsync(path, guess, token: "")).Status);
    }

    [Fact]
    public async Task A_process_with_a_wrong_token_locks_nobody_else_out()
    {
        for (var i = 0; i < 12; i++)
        {
            await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => LinkClient.ConnectAsync(Hub, "wrong"));
        }

        Assert.Contains("429", (await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => LinkClient.ConnectAsync(Hub))).Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Hub.PostAsync("/api/auth", new { accessToken = Hub.OwnerToken }, token: "")).Status);
    }

    [Fact]
    public async Task Another_owners_token_voids_what_was_signed_under_the_old_one()
    {
        var token = await Hub.SignInAsync();
        await Hub.StopAsync();
        var settings = Path.Combine(Hub.Home, "settings.json");
        await File.WriteAllTextAsync(settings, """{"cliApiToken":"another-token-of-the-owner","mine":{"kept":true}}""", Token);

        await Hub.StartAgainAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.GetAsync("/api/sessions", token)).Status);
        Assert.True(JsonElement.Parse(await File.ReadAllTextAsync(settings, Token)).GetProperty("mine").GetProperty("kept").GetBoolean());
        AssertPrivate(settings);
    }

    private static void AssertPrivate(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static string Decode(string token, int part) => System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[part]));

    private static async Task<(HttpStatusCode, string)> TextAsync(Task<Answer> asking)
    {
        var answer = await asking;
        return (answer.Status, answer.Body.GetRawText());
    }
}
