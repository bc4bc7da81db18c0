using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Session.Records;
using Hapi.TestKit;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>One empty home, one project folder, a port of its own, and every process a test starts, with a scrubbed environment. Nothing of it is left afterwards.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly TempFolder _folder = new();
    private readonly List<StagedProgram> _programs = [];

    public Stage()
    {
        Directory.CreateDirectory(Project);
        Directory.CreateDirectory(_folder["home"]);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public string Project => _folder["project"];

    public string HapiHome => Path.Combine(_folder["home"], ".hapi");

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>The owner's token, as the hub wrote it at its first start.</summary>
    public string Token => JsonElement.Parse(File.ReadAllBytes(Path.Combine(HapiHome, "settings.json"))).GetProperty("cliApiToken").GetString()!;

    /// <summary>The executable under test: the published one when there is one, else the one built from source.</summary>
    public static string Executable { get; } =
        new[]
        {
            Environment.GetEnvironmentVariable("HAPI_TEST_EXECUTABLE"),
            SourceTree.At("artifacts", "bin", "Hapi", "release", "hapi"),
            SourceTree.At("artifacts", "bin", "Hapi", "debug", "hapi"),
        }.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("There is no hapi executable to test. Build src/Hapi first.");

    /// <summary>The test agent, built beside these tests in the same configuration.</summary>
    public static string TestAgent { get; } = SourceTree.At(
        "artifacts", "bin", "Hapi.AcpTestAgent", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Hapi.AcpTestAgent");

    public StagedProgram Hapi(params string[] arguments) => HapiWith([], arguments);

    public StagedProgram HapiWith(Dictionary<string, string> environment, params string[] arguments) => Run(environment, Executable, arguments);

    /// <summary>Runs any program in the scrubbed environment.</summary>
    public StagedProgram Run(Dictionary<string, string> environment, string program, params string[] arguments)
    {
        var whole = new Dictionary<string, string>
        {
            ["HOME"] = _folder["home"],
            ["HAPI_HOME"] = HapiHome,
            ["HAPI_API_URL"] = Url.ToString(),
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["LANG"] = "C.UTF-8",
        };
        foreach (var (name, value) in environment)
        {
            whole[name] = value;
        }

        return Run([program, .. arguments], whole);
    }

    /// <summary>Starts a program with this environment and nothing else.</summary>
    public StagedProgram Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) =>
        Add(new StagedProgram(new ChildStart(command[0], [.. command.Skip(1)], Project, environment, OwnSession: true)));

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var program = Hapi(arguments);
        var exitCode = await program.EndedAsync();
        return (exitCode, program.Out, program.Error);
    }

    /// <summary>Starts the hub, on the same port each time, and waits until it answers.</summary>
    public async Task<StagedProgram> HubAsync()
    {
        var hub = Hapi("hub", "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await HubAnswersAsync(hub);
        return hub;
    }

    /// <summary>Who may do what with a file.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    public async Task HubAnswersAsync(StagedProgram hub)
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri(Url, "/health"), TestContext.Current.CancellationToken)).IsSuccessStatusCode;
            }
            catch (HttpRequestException) when (!hub.HasEnded)
            {
                return false;
            }
        }, "the hub answers", TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a demo session and gives its id.</summary>
    public async Task<(StagedProgram Session, string Id)> DemoAsync()
    {
        var session = Hapi("demo", "--json");
        return (session, await IdAsync(session));
    }

    /// <summary>Starts a session with the test agent in one of its modes, and gives its id.</summary>
    public async Task<(StagedProgram Session, string Id)> AcpAsync(params string[] mode)
    {
        var session = Hapi(["acp", "--json", "--", TestAgent, .. mode]);
        return (session, await IdAsync(session));
    }

    /// <summary>The id that a session started with <c>--json</c> has told.</summary>
    public static async Task<string> IdAsync(StagedProgram session)
    {
        await session.SaidAsync("sessionId");
        return JsonElement.Parse(session.Out.Split('\n')[0]).GetProperty("sessionId").GetString()!;
    }

    /// <summary>The session's own record, as tools read it without a hub.</summary>
    public SessionRecord Record(string id) => new SessionRecords(HapiHome).Find(id) ?? throw new InvalidOperationException($"There is no record of {id}.");

    /// <summary>Waits until the session's door is open.</summary>
    public async Task<ProcessState> DoorAsync(string id)
    {
        ProcessState? state = null;
        await Eventually.TrueAsync(() => (state = new RunningSessions(HapiHome).List().FirstOrDefault(s => s.SessionId == id)) is not null, "its door is open", TestContext.Current.CancellationToken);
        return state!;
    }

    /// <summary>Stops a session at its door, with more patience than a runner has: the machine may be busy.</summary>
    public static Task StopAsync(ProcessState door, string reason, string by) => AskAsync(door, ControlMethods.Stop, new StopRequest(reason, by));

    public static Task HandOffAsync(ProcessState door, string by) => AskAsync(door, ControlMethods.HandOff, new StopRequest(null, by));

    public Task<HubApi> ApiAsync() => HubApi.SignInAsync(Url, Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            await program.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task AskAsync(ProcessState door, string method, StopRequest request) => Assert.True((await ControlCall.AskAsync(
        door.Control, method, request, ControlJson.Default.StopRequest, ControlJson.Default.StopResult, s_patience, TimeProvider.System, TestContext.Current.CancellationToken)).Accepted);

    private StagedProgram Add(StagedProgram program)
    {
        _programs.Add(program);
        return program;
    }
}
