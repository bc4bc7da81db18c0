using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hapi.TestKit;

namespace Hapi.Hub.Tests.Support;

/// <summary>An answer of the hub, with its body as JSON when it has one.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string? Code => Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string? Error => Body.ValueKind is JsonValueKind.Object && Body.TryGetProperty("error", out var error) ? error.GetString() : null;
}

/// <summary>The real hub on a real port of 127.0.0.1, with a home and a database of its own; it can be stopped and started again.</summary>
public sealed class TestHub : IAsyncDisposable
{
    private readonly TempFolder _home = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Func<HubOptions, HubOptions> _change;
    private readonly string? _store;
    private HubApp? _app;
    private int _port;
    private string? _webToken;

    private TestHub(string? store, Func<HubOptions, HubOptions>? change) => (_store, _change) = (store, change ?? (o => o));

    public string Home => _home.Path;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public HubApp App => _app!;

    /// <summary>The owner's access token, as it stands in the settings.</summary>
    public string OwnerToken => JsonElement.Parse(File.ReadAllText(Path.Combine(Home, "settings.json"))).GetProperty("cliApiToken").GetString()!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestHub> StartAsync(StoreKind kind = StoreKind.Sqlite, Func<HubOptions, HubOptions>? change = null)
    {
        var hub = new TestHub(kind is StoreKind.Postgres ? await PostgresServer.CreateDatabaseAsync() : null, change);
        await hub.StartAgainAsync();
        return hub;
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Starts on the same port, home and store.</summary>
    public async Task StartAgainAsync()
    {
        _app = await HubApp.StartAsync(_change(new HubOptions { Home = Home, Port = _port, Store = _store }), Token);
        _port = _app.Address.Port;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>A signed-in token of the owner.</summary>
    public async Task<string> SignInAsync() => _webToken ??= await SignInAsync(OwnerToken);

    public async Task<string> SignInAsync(string accessToken)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/auth", new { accessToken }, token: "");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body.GetProperty("token").GetString()!;
    }

    /// <summary>Pairs a device into a namespace; gives its access token and its id.</summary>
    public async Task<(string Token, string Id)> PairAsync(string @namespace, string name = "phone")
    {
        var code = await PostAsync("/api/pairing-codes", new { name, @namespace });
        var paired = await SendAsync(HttpMethod.Post, "/api/pair", new { code = code.Body.GetProperty("code").GetString() }, token: "");
        Assert.Equal(HttpStatusCode.OK, paired.Status);
        return (paired.Body.GetProperty("token").GetString()!, paired.Body.GetProperty("device").GetProperty("id").GetString()!);
    }

    public Task<Answer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    public Task<Answer> PostAsync(string path, object? body = null, string? token = null) => SendAsync(HttpMethod.Post, path, body, token);

    public Task<Answer> DeleteAsync(string path, string? token = null) => SendAsync(HttpMethod.Delete, path, null, token);

    /// <param name="body">Text is sent as it is, anything else as JSON.</param>
    /// <param name="token"><see langword="null"/> is the owner's, empty is none.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        token ??= await SignInAsync();
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = body as HttpContent ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        var json = response.Content.Headers.ContentType?.MediaType is "application/json" ? JsonElement.Parse(text) : default;
        return new Answer(response.StatusCode, json, response.Headers, response.Content.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _home.Dispose();
    }
}
