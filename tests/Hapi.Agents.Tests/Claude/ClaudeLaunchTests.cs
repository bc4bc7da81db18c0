using Hapi.Agents.Claude;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

public sealed class ClaudeLaunchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plain_start_names_the_mode_and_the_protocol() => Assert.Equal(
        "-p --input-format stream-json --output-format stream-json --verbose --include-partial-messages --permission-prompt-tool stdio --permission-mode default",
        Arguments(Start()));

    [Fact]
    public void What_the_session_wants_comes_after_what_the_user_wrote() => Assert.Equal(
        "--add-dir /x --model old -p --input-format stream-json --output-format stream-json --verbose --include-partial-messages --permission-prompt-tool stdio"
        + " --permission-mode plan --model opus --effort high --resume id-1 --fork-session",
        Arguments(Start() with { PermissionMode = "plan", Model = "opus", Effort = "high", NativeSessionId = "id-1", Fork = true, ExtraArguments = ["--add-dir", "/x", "--model", "old"] }));

    [Fact]
    public void The_users_own_mode_stands_when_the_session_has_none() => Assert.DoesNotContain(
        "--permission-mode default", Arguments(Start() with { ExtraArguments = ["--permission-mode=plan"] }), StringComparison.Ordinal);

    [Fact]
    public void In_a_sandbox_permissions_can_be_bypassed_later()
    {
        var launch = ClaudeLaunch.Of(Start(("IS_SANDBOX", "1")));
        Assert.True(launch.AllowsBypass);
        Assert.Contains("--allow-dangerously-skip-permissions", launch.Arguments);
    }

    [Fact]
    public void Another_program_is_named_by_the_environment_or_by_the_command()
    {
        var other = Program("other");
        Assert.Equal(other, ClaudeLaunch.Of(Start(("HAPI_CLAUDE_PATH", other))).Program);
        var wrapped = ClaudeLaunch.Of(Start() with { Command = [other, "run", "claude"] });
        Assert.Equal(other, wrapped.Program);
        Assert.Equal(["run", "claude", "-p"], wrapped.Arguments.Take(3));
    }

    [Fact]
    public void A_missing_program_says_how_to_install_it()
    {
        var start = new AgentStart("claude", _folder.Path, new Dictionary<string, string> { ["PATH"] = _folder.Path });
        var missing = Assert.Throws<AgentException>(() => ClaudeLaunch.Of(start));
        Assert.Equal("agent_not_found", missing.Code);
        Assert.Contains("npm install -g @anthropic-ai/claude-code", missing.Message, StringComparison.Ordinal);
    }

    private static string Arguments(AgentStart start) =>
        string.Join(' ', ClaudeLaunch.Of(start).Arguments.Where(argument => argument is not "--allow-dangerously-skip-permissions"));

    private AgentStart Start(params (string Name, string Value)[] environment)
    {
        Program("claude");
        var all = environment.ToDictionary(entry => entry.Name, entry => entry.Value);
        all["PATH"] = _folder.Path;
        return new AgentStart("claude", _folder.Path, all);
    }

    private string Program(string name)
    {
        var path = _folder[OperatingSystem.IsWindows() ? $"{name}.exe" : name];
        File.WriteAllText(path, "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
