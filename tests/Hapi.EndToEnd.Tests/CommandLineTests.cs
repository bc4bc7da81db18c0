using System.Text.Json;
using Hapi.EndToEnd.Tests.Stages;

namespace Hapi.EndToEnd.Tests;

/// <summary>Whatever a person gets wrong is answered by one clear line that says what to do, and an exit code with a meaning.</summary>
public sealed class CommandLineTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(2, "Did you mean \"hapi hub\"?", "hbu")]
    [InlineData(2, "hapi --help", "frobnicate")]
    [InlineData(2, "--prot", "hub", "--prot", "3000")]
    [InlineData(2, "--public-url must begin with", "hub", "--public-url", "ftp://example.org")]
    [InlineData(2, "hapi acp -- <command>", "acp")]
    [InlineData(2, "no session id", "demo", "--existing-session-id", "seven")]
    [InlineData(2, "no permission mode \"nonsense\"", "claude", "--permission-mode", "nonsense")]
    [InlineData(10, "\"no-such-agent\" was not found", "acp", "--", "no-such-agent")]
    [InlineData(10, "npm install -g @anthropic-ai/claude-code", "claude")]
    [InlineData(10, "npm install -g @anthropic-ai/claude-code")]
    [InlineData(12, "hapi auth login", "demo")]
    [InlineData(12, "hapi auth login", "auth", "devices")]
    [InlineData(2, "\"99999\" is no port", "up", "--port", "99999")]
    [InlineData(2, "\"http\" is no port", "hub", "--port", "http")]
    [InlineData(15, "cannot be opened", "hub", "--store", "/proc/no/store.db")]
    public async Task A_mistake_gets_one_line_and_its_code(int exitCode, string expected, params string[] arguments)
    {
        var (code, output, error) = await _stage.RunAsync(arguments);
        Assert.Equal(exitCode, code);
        Assert.Empty(output);
        Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_json_for_programs()
    {
        var (code, output, _) = await _stage.RunAsync("hub", "--json", "--port", "99999");
        Assert.NotEqual(0, code);
        Assert.False(string.IsNullOrEmpty(JsonElement.Parse(output).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_taken_port_says_by_whom()
    {
        var hub = await _stage.HubAsync();
        var (code, _, error) = await _stage.RunAsync("hub", "--port", $"{_stage.Port}");
        Assert.Equal(13, code);
        Assert.Contains($"Port {_stage.Port} is taken by hapi (pid {hub.Identity.Pid})", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_and_a_hub_that_is_away_are_told_apart()
    {
        var wrong = new Dictionary<string, string> { ["CLI_API_TOKEN"] = "not-the-token-of-this-hub" };
        var away = _stage.HapiWith(wrong, "auth", "devices");
        Assert.Equal(11, await away.EndedAsync());
        Assert.Contains("cannot be reached", away.Error, StringComparison.Ordinal);

        await _stage.HubAsync();
        var refused = _stage.HapiWith(wrong, "auth", "devices");
        Assert.Equal(12, await refused.EndedAsync());
        Assert.Contains("does not accept this token", refused.Error, StringComparison.Ordinal);

        var session = _stage.HapiWith(wrong, "demo");
        await session.SaidAsync("does not accept this machine's token");
        Assert.False(session.HasEnded);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    [InlineData("claude", "-v")]
    public async Task The_version_is_one_line(params string[] arguments)
    {
        var (code, output, _) = await _stage.RunAsync(arguments);
        Assert.Equal(0, code);
        Assert.Matches(@"^hapi version: \d+\.\d+\.\d+\n$", output);
    }

    [Fact]
    public async Task Damaged_settings_are_never_overwritten()
    {
        Directory.CreateDirectory(_stage.HapiHome);
        var settings = Path.Combine(_stage.HapiHome, "settings.json");
        await File.WriteAllTextAsync(settings, "{ half", TestContext.Current.CancellationToken);
        var (code, _, error) = await _stage.RunAsync("hub", "--port", $"{_stage.Port}");
        Assert.Equal(15, code);
        Assert.Contains("is not valid JSON", error, StringComparison.Ordinal);
        Assert.Equal("{ half", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_secret_reaches_the_agent()
    {
        await _stage.HubAsync();
        var seen = Path.Combine(_stage.Project, "environment");
        var session = _stage.HapiWith(new() { ["CLI_API_TOKEN"] = _stage.Token, ["KEPT"] = "yes" }, "acp", "--", "/bin/sh", "-c", $"env > {seen}");
        await session.EndedAsync();
        var environment = await File.ReadAllTextAsync(seen, TestContext.Current.CancellationToken);
        Assert.Contains("KEPT=yes", environment, StringComparison.Ordinal);
        Assert.Contains("HAPI_SESSION_ID=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(_stage.Token, environment, StringComparison.Ordinal);
    }
}
