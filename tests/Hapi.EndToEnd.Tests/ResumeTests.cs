using System.Text;
using Hapi.Control;
using Hapi.EndToEnd.Tests.Stages;
using Hapi.Processes;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests;

/// <summary><c>hapi resume</c>: a session of this machine goes on in this terminal, as the same session.</summary>
public sealed class ResumeTests : IAsyncDisposable
{
    private readonly Stage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task One_that_runs_elsewhere_is_handed_over_and_goes_on_as_itself()
    {
        await _stage.HubAsync();
        var (first, id) = await _stage.DemoAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        await api.SendAsync(id, "hello", "l1");
        await api.UntilAsync("the agent answered", async () => (await api.TextsAsync(id)).Count == 1);

        var second = _stage.Hapi("resume", id[..8]);
        Assert.Equal(0, await first.EndedAsync());
        Assert.Contains("Handed off to local terminal", first.Error, StringComparison.Ordinal);
        await second.SaidAsync("Connected to the hub");
        await api.ConnectedAsync(id);
        await api.SendAsync(id, "hello again", "l2");
        await api.UntilAsync("the new process answered", async () => (await api.TextsAsync(id)).Any(t => t.Contains("hello again", StringComparison.Ordinal)));
        Assert.Single((await api.GetAsync("/api/sessions")).GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task Without_a_hub_one_that_ran_here_goes_on_and_one_that_runs_here_is_handed_over()
    {
        var hub = await _stage.HubAsync();
        var (first, id) = await _stage.DemoAsync();
        await first.SaidAsync("Connected to the hub");
        await hub.SignalAsync("KILL");
        await hub.EndedAsync();

        var second = _stage.Hapi("resume", id);
        Assert.Equal(0, await first.EndedAsync());
        // Its state file says that it is up: from then on a signal is an end in order.
        await Eventually.TrueAsync(() => new RunningSessions(_stage.HapiHome).List().Any(s => s.Pid == second.Identity.Pid), "it is up", TestContext.Current.CancellationToken);
        await second.SignalAsync("INT");
        Assert.Equal(0, await second.EndedAsync());

        var third = _stage.Hapi("resume", id);
        await third.SaidAsync("Steer it at");
        await _stage.HubAsync();
        using var api = await _stage.ApiAsync();
        await api.ConnectedAsync(id);
        Assert.Contains(_stage.Project, third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_go_on_here_says_why_and_nothing_is_ended_for_it()
    {
        await _stage.HubAsync();
        var away = Path.Combine(_stage.Project, "away");
        Directory.CreateDirectory(away);
        var gone = _stage.HapiWith(new() { ["HAPI_INVOKED_CWD"] = away }, "demo", "--existing-session-id", "aaaaaaaa-0000-4000-8000-000000000001");
        var other = _stage.HapiWith(
            new() { ["HAPI_HOME"] = _stage.HapiHome + "-other", ["CLI_API_TOKEN"] = _stage.Token, ["HAPI_HOSTNAME"] = "elsewhere" }, "demo", "--existing-session-id", "bbbbbbbb-0000-4000-8000-000000000002");
        await gone.SaidAsync("Connected to the hub");
        await other.SaidAsync("Connected to the hub");
        Directory.Delete(away);

        await RefusedAsync(20, $"{away}, does not exist any more", "aaaa");
        await RefusedAsync(20, "ran on elsewhere", "bbbb");
        await RefusedAsync(16, "No session has an id that begins with \"cccc\"", "cccc");
        Assert.False(gone.HasEnded || other.HasEnded);

        // Without a terminal nothing can be chosen: this machine's sessions are listed, one a line.
        var (code, output, error) = await _stage.RunAsync("resume");
        Assert.Equal(2, code);
        Assert.Matches(@"^1\. demo     idle          .*aaaaaaaa-0000-4000-8000-000000000001\n$", output);
        Assert.Contains("hapi resume <id>", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_it_is_picked_from_a_list()
    {
        await _stage.HubAsync();
        var (first, id) = await _stage.DemoAsync();
        await first.SaidAsync("Connected to the hub");
        await first.SignalAsync("INT");
        await first.EndedAsync();

        Assert.Equal(130, await PickAsync("no such session\u0003", until: null));
        using var api = await _stage.ApiAsync();
        Assert.False((await api.SessionAsync(id)).GetProperty("active").GetBoolean());
        Assert.NotEqual(130, await PickAsync("demo\r", until: "Connected to the hub"));
    }

    // script(1) gives a program a terminal of its own.
    private async Task<int> PickAsync(string keys, string? until)
    {
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = Path.GetDirectoryName(_stage.HapiHome)!, ["HAPI_HOME"] = _stage.HapiHome, ["HAPI_API_URL"] = _stage.Url.ToString(), ["PATH"] = "/usr/bin:/bin", ["TERM"] = "xterm", ["SHELL"] = "/bin/sh", ["LANG"] = "C.UTF-8",
        };
        await using var terminal = ChildProcess.Start(new ChildStart("/usr/bin/script", ["-qefc", $"exec {Stage.Executable} resume", "/dev/null"], _stage.Project, environment, OwnSession: true));
        using var screen = new StreamReader(terminal.Output);
        await ReadUntilAsync(screen, "Filter:");
        await terminal.Input.WriteAsync(Encoding.UTF8.GetBytes(keys), TestContext.Current.CancellationToken);
        await terminal.Input.FlushAsync(TestContext.Current.CancellationToken);
        if (until is not null)
        {
            await ReadUntilAsync(screen, until);
            await terminal.Input.WriteAsync("\u0003"u8.ToArray(), TestContext.Current.CancellationToken);
            await terminal.Input.FlushAsync(TestContext.Current.CancellationToken);
        }

        var rest = screen.ReadToEndAsync(TestContext.Current.CancellationToken);
        var exit = await terminal.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await rest;
        return exit.ExitCode;
    }

    private static async Task ReadUntilAsync(StreamReader screen, string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var seen = new StringBuilder();
        var buffer = new char[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await screen.ReadAsync(buffer, patience.Token);
            Assert.True(read > 0, $"The terminal closed before it showed \"{text}\":\n{seen}");
            seen.Append(buffer, 0, read);
        }
    }

    private async Task RefusedAsync(int exitCode, string why, string id)
    {
        var (code, _, error) = await _stage.RunAsync("resume", id);
        Assert.True(exitCode == code, error);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }
}
