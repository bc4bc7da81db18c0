using System.Text;
using Hapi.Hub.Settings;
using Hapi.Programs;

namespace Hapi.Services;

/// <summary>Writes service files and has the system act on them. A file that this home did not make is never touched.</summary>
internal sealed class ServiceInstaller(IServiceKeeper keeper, string home)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public IServiceKeeper Keeper => keeper;

    /// <exception cref="CommandException">This user has no service manager that answers.</exception>
    public async Task RequireKeeperAsync(CancellationToken cancellationToken)
    {
        var probe = await ProgramRun.AskAsync(keeper.Probe, s_patience, cancellationToken);
        if (!probe.Succeeded)
        {
            throw new CommandException(
                ExitCodes.Unsupported, "no_service_manager",
                $"{keeper.Name} does not answer for this user ({OneLine(probe.Error)}). Nothing is changed; --dry-run prints what would be written, for another service manager.");
        }
    }

    /// <summary>Writes the file when it differs. Gives whether it did.</summary>
    /// <exception cref="CommandException">Another's file is there, and <paramref name="force"/> was not given.</exception>
    public bool Write(ServiceSpec spec, bool force)
    {
        var file = keeper.FileOf(spec.Role);
        var text = keeper.Describe(spec);
        if (Existing(spec.Role) is { } there)
        {
            if (there == text)
            {
                return false;
            }

            if (!force)
            {
                RequireOurs(spec.Role, there, "--force replaces it.");
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        SettingsFile.WritePrivate(file, Encoding.UTF8.GetBytes(text));
        return true;
    }

    /// <exception cref="CommandException">A command failed; what it said is in the message.</exception>
    public static async Task RunAsync(IEnumerable<ServiceStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            var run = await ProgramRun.AskAsync(step.Command, s_patience, cancellationToken);
            if (!run.Succeeded && !step.MayFail)
            {
                throw new CommandException(ExitCodes.Failed, "service_manager_failed", $"\"{step}\" failed: {OneLine(run.Error.Length > 0 ? run.Error : run.Out)}. Mend that and run it again; nothing is done twice.");
            }
        }
    }

    /// <summary>Stops the service and removes its file. Gives <see langword="false"/> when none is installed.</summary>
    /// <exception cref="CommandException">The file is not ours.</exception>
    public async Task<bool> RemoveAsync(ServiceRole role, CancellationToken cancellationToken)
    {
        if (Existing(role) is not { } there)
        {
            return false;
        }

        RequireOurs(role, there, "It stays.");
        await RunAsync(keeper.Stop(role), cancellationToken);
        File.Delete(keeper.FileOf(role));
        await RunAsync(keeper.Forget, cancellationToken);
        return true;
    }

    public async Task<ServiceState> StateAsync(ServiceRole role, CancellationToken cancellationToken)
    {
        var text = Existing(role);
        if (text is null)
        {
            return new ServiceState(role, Installed: false, null, false, null, "not installed");
        }

        var run = await ProgramRun.AskAsync(keeper.Query(role), s_patience, cancellationToken);
        var (running, pid, state) = run.ExitCode is { } code ? keeper.Read(code, run.Out) : (false, null, OneLine(run.Error));
        return new ServiceState(role, Installed: true, ServiceMark.HomeIn(text), running, pid, state);
    }

    private string? Existing(ServiceRole role)
    {
        try
        {
            return File.ReadAllText(keeper.FileOf(role));
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void RequireOurs(ServiceRole role, string text, string advice)
    {
        var file = keeper.FileOf(role);
        switch (ServiceMark.HomeIn(text))
        {
            case null:
                throw new CommandException(ExitCodes.Foreign, "foreign_service", $"{file} was not made by Hapi. {advice}");
            case var other when other != home:
                throw new CommandException(ExitCodes.Foreign, "foreign_service", $"{file} belongs to the Hapi of {other}, not of {home}. {advice}");
        }
    }

    private static string OneLine(string text) => text.Trim().Replace('\n', ' ').TrimEnd('.');
}
