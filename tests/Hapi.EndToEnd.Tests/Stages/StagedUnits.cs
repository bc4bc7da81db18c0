using Hapi.Processes;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>Does with a real process what systemd does by the unit's rules: which processes a stop signals, and whether an end is followed by a start.</summary>
internal sealed class StagedUnits(Stage stage, UnitFile unit)
{
    private readonly List<ProcessIdentity> _group = [];
    private Task _watching = Task.CompletedTask;
    private bool _stopping;

    /// <summary>The main process.</summary>
    public StagedProgram Main { get; private set; } = null!;

    /// <summary>How often the unit was started again by itself.</summary>
    public int Restarts { get; private set; }

    public void Start()
    {
        _stopping = false;
        Main = stage.Run(unit.Command, new Dictionary<string, string>(unit.Environment) { ["HOME"] = Path.GetDirectoryName(stage.HapiHome)! });
        _watching = WatchAsync(Main);
    }

    /// <summary>A process that lies in the unit's control group, as everything does that came out of it.</summary>
    public void Join(ProcessIdentity process) => _group.Add(process);

    /// <summary><c>systemctl stop</c>. Gives the exit code of the main process.</summary>
    public async Task<int> StopAsync()
    {
        _stopping = true;
        Signals.Terminate(Main.Identity);
        if (unit.KillMode is not "process")
        {
            _group.ForEach(process => Signals.Terminate(process));
        }

        var exitCode = await Main.EndedAsync();
        await _watching;
        return exitCode;
    }

    /// <summary>Sends a signal that ends the main process. Completes when it has ended and what the unit says is done.</summary>
    public async Task EndAsync(string signal)
    {
        var watching = _watching; // the next main process is watched by another
        await Main.SignalAsync(signal);
        await watching;
    }

    private async Task WatchAsync(StagedProgram main)
    {
        var failed = await main.WhenEndedAsync() != 0;
        if (!_stopping && (unit.Restart is "always" || (unit.Restart is "on-failure" && failed)))
        {
            Restarts++;
            Start();
        }
    }
}
