using Hapi.Processes;

namespace Hapi.Runner.Handovers;

/// <summary>
/// Starts the runner that takes this one's place when another executable lies on disk. The newcomer proves that it can start before it asks this one to
/// step aside; one that cannot costs nothing, and is tried again later.
/// </summary>
internal sealed class Replacement(RunnerOptions options, ExecutableFile executable, RunnerLog log, TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(5);
    private long? _tried;

    /// <summary>Gives whether a newcomer was started.</summary>
    public bool StartIfWanted()
    {
        var installed = executable.InstalledAt();
        // A supervised runner's successor would be out of its supervisor's sight.
        if (options.HandoverDisabled || options.Supervised || installed == 0 || installed == executable.StartedAt || (_tried is { } tried && time.GetElapsedTime(tried) < s_again))
        {
            return false;
        }

        _tried = time.GetTimestamp();
        try
        {
            string[] line = [.. options.Command, .. options.Argv is ["runner", ..] ? options.Argv : ["runner", "start-sync"]];
            var newcomer = DetachedProcess.Start(new ChildStart(line[0], line[1..], options.Home), options.LogPath);
            log.Line($"The executable has changed; its runner was started (pid {newcomer.Pid}).");
            return true;
        }
        catch (Exception ex) when (ex is ProgramNotFoundException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            log.Notice($"The executable has changed, and cannot be started: {ex.Message}");
            return false;
        }
    }
}
