using Hapi.Programs;
using Hapi.Settings;

namespace Hapi.Services;

/// <summary>Which keeper of services this system has.</summary>
internal static class ServiceKeepers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <exception cref="CommandException">None is known for this system.</exception>
    public static async Task<IServiceKeeper> OfThisSystemAsync(HapiHome home, CancellationToken cancellationToken)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsLinux() ? new SystemdKeeper(SystemdKeeper.DefaultFolder(user, HapiHome.Variable("XDG_CONFIG_HOME")))
            : OperatingSystem.IsMacOS() ? new LaunchdKeeper(Path.Combine(user, "Library", "LaunchAgents"), (await ProgramRun.AskAsync(["/usr/bin/id", "-u"], s_patience, cancellationToken)).Out.Trim())
            : OperatingSystem.IsWindows() ? new TaskSchedulerKeeper(Path.Combine(home.Folder, "services"))
            : throw new CommandException(ExitCodes.Unsupported, "no_service_manager", "Hapi knows no service manager of this system.");
    }
}
