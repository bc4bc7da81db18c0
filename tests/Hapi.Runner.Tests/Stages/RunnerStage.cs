using System.Text;
using Hapi.Control;
using Hapi.Processes;
using Hapi.Runner.Doors;
using Hapi.Runner.State;
using Hapi.TestKit;

namespace Hapi.Runner.Tests.Stages;

/// <summary>A home, a hub, runners and sessions as real processes. None of them is left when the test ends.</summary>
public abstract class RunnerStage : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<ChildProcess> _programs = [];

    private protected StageHub Hub { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static string MachineId => "11111111-2222-4333-8444-555555555555";

    protected static string Program { get; } = SourceTree.At("artifacts", "bin", "Hapi.RunnerTestProgram", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Hapi.RunnerTestProgram");

    protected const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    protected string Home { get; private set; } = "";

    protected string Project { get; private set; } = "";

    private protected RunnerStateFile StateFile => new(Home);

    private protected RunnerDoor Door => RunnerDoor.Find(Home, TimeProvider.System) ?? throw new InvalidOperationException($"No runner runs:\n{Said}");

    private protected RunningSessions Running => new(Home);

    /// <summary>What all runners of this test have said.</summary>
    protected string Said => string.Join('\n', Directory.Exists(Path.Combine(Home, "logs")) ? Directory.EnumerateFiles(Path.Combine(Home, "logs"), "*-runner.log").Select(File.ReadAllText) : []);

    /// <summary>A file's mode; on Windows, which has none, that of a private file.</summary>
    protected static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? OwnersAlone : File.GetUnixFileMode(path);

    public async ValueTask InitializeAsync()
    {
        Settle("home");
        Project = _folder["project"];
        Directory.CreateDirectory(Project);
        await Hub.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        // A runner or a session that was started by one of them is nobody's child.
        var left = Running.List().Select(s => s.Identity).Concat(Started().Select(s => ProcessIdentity.Of(s.Pid)).OfType<ProcessIdentity>());
        foreach (var process in left.Concat(StateFile.Read().State is { } state ? [state.Identity] : []))
        {
            ForeignTree.Kill(process);
        }

        await Hub.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Nobody but this user can read or write it.</summary>
    protected static bool IsPrivate(string path) => OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    protected string In(string name) => _folder[name];

    protected void Settle(string name)
    {
        Home = _folder[name];
        Directory.CreateDirectory(Home);
    }

    /// <summary>Starts a runner and waits until it is seen.</summary>
    private protected async Task<ChildProcess> RunnerAsync(params string[] wishes)
    {
        var runner = Start(wishes);
        await Eventually.TrueAsync(async () => runner.Completion.IsCompleted ? throw new InvalidOperationException($"It ended at once: {(await runner.Completion).StderrTail}\n{Said}") : StateFile.Read().State?.Pid == runner.Id, "the runner runs", Token);
        return runner;
    }

    private protected ChildProcess Start(params string[] wishes) => StartFrom(Program, wishes);

    private protected ChildProcess StartFrom(string executable, params string[] wishes)
    {
        string[] arguments = ["runner", "start-sync", $"home={Home}", $"hub={Hub.Url}", $"machine={MachineId}", .. wishes];
        var runner = ChildProcess.Start(new ChildStart(executable, arguments, Home, Environment()));
        _ = new StreamReader(runner.Output, Encoding.UTF8).ReadToEndAsync(Token).ContinueWith(_ => { }, TaskScheduler.Default);
        _programs.Add(runner);
        return runner;
    }

    /// <summary>Starts a session as a terminal does.</summary>
    private protected async Task<ProcessState> SessionAsync(string behaviour = "good", string? id = null)
    {
        id ??= Guid.NewGuid().ToString();
        DetachedProcess.Start(new ChildStart(Program, [behaviour, "--existing-session-id", id], Project, Environment()), _folder["terminal.log"]);
        await Eventually.TrueAsync(() => Running.List().Any(s => s.SessionId == id), "the session runs", Token);
        return Running.List().Single(s => s.SessionId == id);
    }

    private protected Task ListedAsync(params string[] ids) => Eventually.TrueAsync(
        async () => (await Door.ListAsync(Token)).Sessions.Select(s => s.SessionId).Order().SequenceEqual(ids.Order()), $"{string.Join(", ", ids)} are listed", Token);

    /// <summary>Every session process that has begun: its pid, its folder, its arguments and environment.</summary>
    private protected IReadOnlyList<StartedSession> Started() => [.. Directory.EnumerateFiles(Home, "started.*").Select(f => File.ReadAllLines(f)).Where(l => l.Length > 2)
        .Select(l => new StartedSession(int.Parse(l[0], System.Globalization.CultureInfo.InvariantCulture), l[1], [.. l.Skip(2).Where(a => !a.StartsWith("env ", StringComparison.Ordinal))], [.. l.Where(a => a.StartsWith("env ", StringComparison.Ordinal)).Select(a => a[4..])]))];

    private protected static async Task KillAsync(ChildProcess runner)
    {
        Signals.Kill(ProcessIdentity.Of(runner.Id)!.Value);
        await runner.Completion;
    }

    private protected static async Task<int> TerminateAsync(ChildProcess runner)
    {
        Signals.Terminate(ProcessIdentity.Of(runner.Id)!.Value);
        return (await runner.Completion.WaitAsync(TimeSpan.FromSeconds(20), Token)).ExitCode;
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _folder.Path, ["HAPI_HOME"] = Home, ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["LANG"] = "C.UTF-8", ["CLI_API_TOKEN"] = "secret-of-the-hub",
        ["DOTNET_ROOT"] = System.Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet", ["ANTHROPIC_API_KEY"] = "dummy",
    };
}

internal sealed record StartedSession(int Pid, string Directory, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment);
