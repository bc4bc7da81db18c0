using Hapi.Processes;
using Hapi.Control;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>A demo session that <c>hapi up</c> started: a process of its own, which survives the hub and ends with the command.</summary>
internal sealed class DemoSession : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6), s_look = TimeSpan.FromMilliseconds(50);
    private readonly HapiHome _home;
    private readonly ProcessIdentity _process;

    private DemoSession(HapiHome home, ProcessIdentity process, string directory) => (_home, _process, Directory) = (home, process, directory);

    public string Directory { get; }

    public static bool RunsIn(HapiHome home, string directory) =>
        new RunningSessions(home.Folder).List().Any(s => s.Flavor is "demo" && s.Directory == Path.GetFullPath(directory));

    /// <summary>Starts one in the folder the command was called in.</summary>
    public static DemoSession Start(HapiHome home, Uri hub)
    {
        var directory = Path.GetFullPath(HapiHome.InvokedDirectory);
        var logs = Path.Combine(home.Folder, "logs");
        System.IO.Directory.CreateDirectory(logs);
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        environment["HAPI_HOME"] = home.Folder;
        environment["HAPI_API_URL"] = hub.ToString().TrimEnd('/');
        var process = DetachedProcess.Start(new ChildStart(SessionLaunch.Executable(), ["demo"], directory, environment), Path.Combine(logs, "demo.log"));
        return new DemoSession(home, process, directory);
    }

    /// <summary>Asks it to end as the user's act; what does not listen is ended by force.</summary>
    public async ValueTask DisposeAsync()
    {
        if (new RunningSessions(_home.Folder).List().FirstOrDefault(s => s.Pid == _process.Pid && s.StartTime == _process.StartTime) is { } session)
        {
            await RunningSessions.StopAsync(session, "User terminated", "up", TimeProvider.System, CancellationToken.None);
        }
        else
        {
            Signals.Interrupt(_process);
        }

        if (!await GoneAsync() && Signals.Terminate(_process) && !await GoneAsync())
        {
            Signals.Kill(_process);
        }
    }

    // It is nobody's child, so nothing tells us: its identity does.
    private async Task<bool> GoneAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (_process.IsAlive())
        {
            if (patience.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
        }

        return true;
    }
}
