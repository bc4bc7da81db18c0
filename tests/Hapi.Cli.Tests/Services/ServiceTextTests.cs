using System.Xml.Linq;
using Hapi.Services;

namespace Hapi.Cli.Tests.Services;

/// <summary>The text of service files, for each keeper of services.</summary>
public sealed class ServiceTextTests
{
    private const string Awkward = "/opt/my \"apps\"/100% $HOME/hapi";

    private static ServiceSpec Spec(ServiceRole role, string executable = "/opt/hapi/hapi", string home = "/home/me/.hapi", string[]? flags = null, Dictionary<string, string>? variables = null) =>
        ServiceSpec.Create(role, home, executable, flags ?? [], name => variables?.GetValueOrDefault(name));

    [Fact]
    public void The_units_keep_sessions_alive_and_come_back_each_in_its_own_way()
    {
        var hub = new SystemdKeeper("/units").Describe(Spec(ServiceRole.Hub, flags: ["--port", "3007"]));
        var runner = new SystemdKeeper("/units").Describe(Spec(ServiceRole.Runner));
        Assert.Contains("\nExecStart=/opt/hapi/hapi hub --port 3007\n", hub, StringComparison.Ordinal);
        Assert.Contains("\nRestart=on-failure\n", hub, StringComparison.Ordinal);
        Assert.DoesNotContain("HAPI_RUNNER_SUPERVISED", hub, StringComparison.Ordinal);
        Assert.Contains("\nExecStart=/opt/hapi/hapi runner start-sync\n", runner, StringComparison.Ordinal);
        Assert.Contains("\nRestart=always\nRestartSec=5\n", runner, StringComparison.Ordinal);
        Assert.Contains("\nEnvironment=HAPI_RUNNER_SUPERVISED=1\n", runner, StringComparison.Ordinal);
        Assert.All([hub, runner], unit =>
        {
            Assert.Contains("\nKillMode=process\n", unit, StringComparison.Ordinal);
            Assert.Contains("\nEnvironment=HAPI_HOME=/home/me/.hapi\n", unit, StringComparison.Ordinal);
            Assert.Contains("\nWantedBy=default.target\n", unit, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Spaces_quotes_percent_and_dollar_survive_systemd()
    {
        var unit = new SystemdKeeper("/units").Describe(Spec(ServiceRole.Hub, "/opt/my apps/100% $HOME/hapi", "/home/a \"b\"/%h/$x", ["--store", "/data/$one/%two three.db"]));
        // The program's own path is never searched for variables, its arguments are, and specifiers are everywhere.
        Assert.Contains("ExecStart=\"/opt/my apps/100%% $HOME/hapi\" hub --store \"/data/$$one/%%two three.db\"\n", unit, StringComparison.Ordinal);
        Assert.Contains("Environment=\"HAPI_HOME=/home/a \\\"b\\\"/%%h/$x\"\n", unit, StringComparison.Ordinal);
        Assert.Equal("path_unsupported", Assert.Throws<CommandException>(() => new SystemdKeeper("/units").Describe(Spec(ServiceRole.Hub, Awkward))).Code);
    }

    [Fact]
    public void The_job_of_launchd_leaves_its_group_alone()
    {
        var text = new LaunchdKeeper("/agents", "501").Describe(Spec(ServiceRole.Runner, Awkward, "/Users/me/a--b & c"));
        var job = XDocument.Parse(text).Root!.Element("dict")!.Elements().ToList();
        Assert.Equal("true", Value("AbandonProcessGroup").Name.LocalName);
        Assert.Equal("true", Value("KeepAlive").Name.LocalName);
        Assert.Equal([Awkward, "runner", "start-sync"], Value("ProgramArguments").Elements().Select(e => e.Value));
        Assert.Contains("/Users/me/a--b & c", Value("EnvironmentVariables").Elements().Select(e => e.Value));
        Assert.Equal("false", XDocument.Parse(new LaunchdKeeper("/agents", "501").Describe(Spec(ServiceRole.Hub))).Descendants("key").Single(k => k.Value is "SuccessfulExit").ElementsAfterSelf().First().Name.LocalName);

        XElement Value(string key) => job.SkipWhile(e => e.Value != key).Skip(1).First();
    }

    [Fact]
    public void The_task_of_Windows_sets_the_environment_and_quotes_the_path()
    {
        var text = new TaskSchedulerKeeper(@"C:\hapi").Describe(Spec(ServiceRole.Hub, @"C:\Program Files\Hapi\hapi.exe", @"C:\data\home & co", ["--lan"]));
        var exec = XDocument.Parse(text).Descendants().Single(e => e.Name.LocalName is "Exec");
        Assert.Equal("cmd.exe", exec.Elements().First().Value);
        Assert.Equal("""/d /s /c "set "HAPI_HOME=C:\data\home & co"&"C:\Program Files\Hapi\hapi.exe" hub --lan" """.TrimEnd(), exec.Elements().Last().Value);
    }

    [Fact]
    public void No_token_ever_stands_in_a_service_file()
    {
        var variables = new Dictionary<string, string> { ["CLI_API_TOKEN"] = "secret-token", ["HAPI_EXTRA_HEADERS_JSON"] = "secret-header", ["HAPI_STORE"] = "secret-store", ["ANTHROPIC_API_KEY"] = "secret-key", ["HAPI_LISTEN_PORT"] = "3007" };
        IServiceKeeper[] keepers = [new SystemdKeeper("/u"), new LaunchdKeeper("/u", "1"), new TaskSchedulerKeeper("/u")];
        foreach (var text in keepers.SelectMany(k => ServiceRole.All.Select(r => k.Describe(Spec(r, variables: variables)))))
        {
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.Contains("3007", text, StringComparison.Ordinal);
        }

        Assert.Equal("secret_in_service", Assert.Throws<CommandException>(() => Spec(ServiceRole.Hub, flags: ["--store", "postgres://me:word@db.example/hapi"])).Code);
        Assert.Equal("bad_arguments", Assert.Throws<CommandException>(() => Spec(ServiceRole.Hub, home: "/home/two\nExecStart=/bin/evil")).Code);
    }

    [Theory]
    [InlineData("/home/me/.hapi")]
    [InlineData("/home/a ; b/%h/ü")]
    public void A_file_says_for_which_home_it_was_made(string home)
    {
        Assert.Equal(home, ServiceMark.HomeIn(new SystemdKeeper("/u").Describe(Spec(ServiceRole.Hub, home: home))));
        Assert.Null(ServiceMark.HomeIn("[Unit]\nDescription=HAPI hub\n[Service]\nExecStart=/usr/bin/hapi hub\n"));
    }

    [Fact]
    public void What_systemd_tells_is_read()
    {
        var keeper = new SystemdKeeper("/u");
        Assert.Equal((true, 42, "active (running)"), keeper.Read(0, "MainPID=42\nActiveState=active\nSubState=running\n"));
        Assert.Equal((false, null, "failed (failed)"), keeper.Read(0, "MainPID=0\nActiveState=failed\nSubState=failed\n"));
    }
}
