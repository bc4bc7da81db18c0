using System.Globalization;
using System.Text.Json.Nodes;
using Hapi.Agents;
using Hapi.Output;
using Hapi.Processes;
using Hapi.Runner;
using Hapi.Runner.Doors;
using Hapi.Runner.State;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>From a command line to a running runner.</summary>
internal static class RunnerLaunch
{
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromSeconds(10), s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the runner in this process until it is told to end.</summary>
    public static async Task<int> RunAsync(HapiHome home, RunnerWish wish, Printer output, CancellationToken cancellationToken)
    {
        using var signal = new EndSignal();
        var options = await OptionsAsync(home, wish, output, cancellationToken);
        var detached = wish.LogPath is not null; // then stdout is the log itself
        try
        {
            var end = await RunnerHost.RunAsync(options, line => Say(detached, line), signal.Given, TimeProvider.System);
            if (end is RunnerEnd.AlreadyRunning)
            {
                output.Value(new JsonObject { ["running"] = true, ["pid"] = new RunnerStateFile(home.Folder).Read().State?.Pid });
                output.Line("A runner of this version serves this home already.");
            }

            return end is RunnerEnd.RestartWanted ? ExitCodes.RestartWanted : ExitCodes.Ok;
        }
        catch (RunnerException ex)
        {
            throw new CommandException(ExitCodes.RunnerBusy, ex.Code, ex.Message);
        }
    }

    /// <summary>Starts the runner in the background, and waits until its door answers.</summary>
    public static async Task<int> StartAsync(HapiHome home, RunnerWish wish, Printer output, CancellationToken cancellationToken)
    {
        var log = LogPath(home, "runner");
        var options = await OptionsAsync(home, wish with { LogPath = log }, output, cancellationToken); // what is wrong with the settings is said here, not in a log
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        environment["HAPI_HOME"] = home.Folder;
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var process = DetachedProcess.Start(new ChildStart(options.Command[0], [.. wish.ToArguments(), "--log", log], home.Folder, environment), log);
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(s_look, TimeProvider.System, cancellationToken))
        {
            // The one that was started, or the one that served already.
            if (RunnerDoor.Find(home.Folder, TimeProvider.System) is { } door && (door.State.Identity == process || !process.IsAlive()) && await AnswersAsync(door, cancellationToken))
            {
                var already = door.State.Identity != process;
                output.Value(new JsonObject { ["pid"] = door.State.Pid, ["log"] = door.State.LogPath, ["already"] = already });
                output.Line(already ? $"A runner runs already (pid {door.State.Pid})." : $"The runner runs (pid {door.State.Pid}). Its log is {door.State.LogPath}.");
                return ExitCodes.Ok;
            }

            if (TimeProvider.System.GetElapsedTime(begun) >= s_answersWithin)
            {
                throw new CommandException(ExitCodes.RunnerNotStarted, "runner_not_started", $"The runner has not started within {s_answersWithin.TotalSeconds:0} s. Its log is {log}.");
            }

            if (!process.IsAlive() && RunnerDoor.Find(home.Folder, TimeProvider.System) is null)
            {
                throw new CommandException(ExitCodes.RunnerNotStarted, "runner_not_started", $"The runner ended at once. Its log is {log}.");
            }
        }
    }

    private static async Task<RunnerOptions> OptionsAsync(HapiHome home, RunnerWish wish, Printer output, CancellationToken cancellationToken)
    {
        await ShareTokenAsync(home, output, cancellationToken);
        var token = await home.RequireTokenAsync(cancellationToken);
        return new RunnerOptions(
            home.Folder, home.HubUrl().Url, token, HapiVersion.Current, await home.MachineIdAsync(cancellationToken), HapiHome.HostName, [SessionLaunch.Executable()], wish.ToArguments(),
            wish.WorkspaceRoots, Agents(), wish.LogPath ?? LogPath(home, $"pid-{Environment.ProcessId}-runner"))
        {
            ReopenInterrupted = wish.ReopenInterrupted,
            Supervised = HapiHome.Variable("HAPI_RUNNER_SUPERVISED") is "1",
            HandoverDisabled = HapiHome.Variable("HAPI_DISABLE_VERSION_HANDOFF") is "1",
            ReportWithin = Milliseconds("HAPI_RUNNER_WEBHOOK_TIMEOUT_MS", 15_000),
            HeartbeatEvery = Milliseconds("HAPI_RUNNER_HEARTBEAT_INTERVAL", 60_000),
        };
    }

    // A session finds the token in settings.json and nowhere else: no child's environment has it. A token that is only in ours is stored there.
    private static async Task ShareTokenAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        if (home.Token() is not { Token: { } given, Source: "environment" })
        {
            return;
        }

        switch (home.Settings.Text("cliApiToken"))
        {
            case null:
                await home.SaveTokenAsync(given, cancellationToken);
                output.Line($"The token of CLI_API_TOKEN was stored in {home.Settings.Path}, where sessions find it.");
                break;
            case { } stored when stored != given:
                throw new CommandException(ExitCodes.NotSignedIn, "token_differs", $"CLI_API_TOKEN and {home.Settings.Path} hold different tokens, and sessions would use the stored one. Store the right one with \"hapi auth login\", or unset CLI_API_TOKEN.");
        }
    }

    private static readonly string[] s_allFields = ["model", "effort", "permission"], s_modelOnly = ["model"];

    // What can be chosen before an agent starts; a new agent of the table brings at least its model.
    private static List<LaunchableAgent> Agents() => [.. AgentCatalog.All.Select(a => new LaunchableAgent(
        a.Id, a.Id is "acp", a.Modes.Count > 0 ? s_allFields : a.Id is "demo" ? [] : s_modelOnly))];

    private static TimeSpan Milliseconds(string variable, int otherwise) =>
        TimeSpan.FromMilliseconds(HapiHome.Variable(variable) is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : otherwise);

    private static string LogPath(HapiHome home, string name) =>
        Path.Combine(home.Folder, "logs", $"{TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture)}-{name}.log");

    private static async Task<bool> AnswersAsync(RunnerDoor door, CancellationToken cancellationToken)
    {
        try
        {
            await door.StatusAsync(cancellationToken);
            return true;
        }
        catch (Exception ex) when (ex is IOException or Rpc.RpcException)
        {
            return false;
        }
    }

    private static void Say(bool detached, string line)
    {
        if (!detached)
        {
            Printer.Error(line);
        }
    }
}
