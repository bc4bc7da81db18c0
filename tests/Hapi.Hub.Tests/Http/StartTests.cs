using System.Net;
using System.Net.Sockets;
using Hapi.Hub.Storage;
using Hapi.TestKit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hapi.Hub.Tests.Http;

/// <summary>What keeps a hub from starting is said in one line, and nothing is left half made.</summary>
public sealed class StartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_wrong_option_is_told_at_once()
    {
        var ex = await Assert.ThrowsAsync<HubStartException>(() => HubApp.StartAsync(new HubOptions { Home = "relative", Port = 70_000, Host = "nowhere", PublicUrl = new Uri("ftp://x") }, Token));

        Assert.Equal("options_invalid", ex.Code);
        Assert.Equal(4, ex.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public async Task A_taken_port_is_said_and_the_home_is_free_again()
    {
        using var home = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var ex = await Assert.ThrowsAsync<HubStartException>(() => HubApp.StartAsync(new HubOptions { Home = home.Path, Port = ((IPEndPoint)taken.LocalEndpoint).Port }, Token));

        Assert.Equal("port_taken", ex.Code);
        await using var hub = await HubApp.StartAsync(new HubOptions { Home = home.Path, Port = 0 }, Token);
    }

    [Theory]
    [InlineData("settings.json", "not json", "settings_damaged")]
    [InlineData("settings.json", """{"cliApiToken":7}""", "token_invalid")]
    [InlineData("settings.json", """{"cliApiToken":"a:b"}""", "token_invalid")]
    [InlineData("jwt-secret.json", """{"secretBase64":"c2hvcnQ="}""", "secret_damaged")]
    [InlineData("jwt-secret.json", """{"secretBase64":"!"}""", "secret_damaged")]
    [InlineData("jwt-secret.json", "[]", "secret_damaged")]
    [InlineData("owner-id.json", """{"ownerId":"x"}""", "secret_damaged")]
    [InlineData("hub.db", "this is no database, and long enough to be looked at as one by whoever opens it ................", "store_unavailable")]
    public async Task A_damaged_file_is_named_and_never_overwritten(string file, string content, string code)
    {
        using var home = new TempFolder();
        await File.WriteAllTextAsync(home[file], content, Token);

        var ex = await Assert.ThrowsAsync<HubStartException>(() => HubApp.StartAsync(new HubOptions { Home = home.Path, Port = 0 }, Token));

        Assert.Equal(code, ex.Code);
        Assert.DoesNotContain('\n', ex.Message);
        Assert.Equal(content, await File.ReadAllTextAsync(home[file], Token));
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_said()
    {
        using var home = new TempFolder();

        var ex = await Assert.ThrowsAsync<HubStartException>(() => HubApp.StartAsync(new HubOptions { Home = home.Path, Port = 0, Store = "postgres://nobody@127.0.0.1:1/none" }, Token));

        Assert.Equal("store_unavailable", ex.Code);
    }

    [Fact]
    public async Task No_token_is_ever_logged_however_much_is_logged()
    {
        using var home = new TempFolder();
        using var log = new LogBook();
        await using var database = Database.Open(home["hub.db"]);
        await Schema.PrepareAsync(database, Token);
        await using var app = HubApp.Build(new HubOptions { Home = home.Path, Port = 0 }, database, logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        await app.StartAsync(Token);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var owner = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(home["settings.json"], Token)).GetProperty("cliApiToken").GetString()!;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address) };

        using var signedIn = await http.PostAsync("/api/auth", new StringContent($$"""{"accessToken":"{{owner}}"}"""), Token);
        var token = System.Text.Json.JsonElement.Parse(await signedIn.Content.ReadAsStringAsync(Token)).GetProperty("token").GetString()!;
        foreach (var path in new[] { $"/api/events?sessionId=x&token={token}", $"/api/events?token={token}x", $"/api/nothing?token={token}", $"/api/events/%zz?token={token}" })
        {
            using var answer = await http.GetAsync(path, Token);
        }

        using var wrong = await http.PostAsync("/api/auth", new StringContent($$"""{"accessToken":"{{owner}}x"}"""), Token);
        Assert.NotEmpty(log.Text);
        Assert.DoesNotContain(owner, log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, log.Text, StringComparison.Ordinal);
    }

    private sealed class LogBook : ILoggerProvider, ILogger
    {
        private readonly System.Text.StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Log(LogLevel.Trace, default, state, null, (s, _) => s.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_text)
            {
                _text.Append(formatter(state, exception)).Append(exception).AppendLine();
            }
        }

        public void Dispose()
        {
        }
    }
}
