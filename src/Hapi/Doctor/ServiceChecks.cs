using System.Globalization;
using System.Text.Json.Nodes;
using Hapi.Control;
using Hapi.Programs;
using Hapi.Reach;
using Hapi.Services;
using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>Services: whether this system can keep them, whether they run, and whether stopping one would take sessions along.</summary>
internal sealed class ServiceChecks(HapiHome home)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        IServiceKeeper keeper;
        try
        {
            keeper = await ServiceKeepers.OfThisSystemAsync(home, cancellationToken);
        }
        catch (CommandException ex)
        {
            return [Finding.Ok("services", ex.Message)];
        }

        if (!(await ProgramRun.AskAsync(keeper.Probe, s_patience, cancellationToken)).Succeeded)
        {
            return [Finding.Ok("services", $"{keeper.Name} does not answer for this user; \"hapi hub\" and \"hapi runner start\" run without it.")];
        }

        var installer = new ServiceInstaller(keeper, home.Folder);
        var findings = new List<Finding>();
        foreach (var role in ServiceRole.All)
        {
            findings.Add(Of(await installer.StateAsync(role, cancellationToken), keeper));
        }

        return OperatingSystem.IsLinux() ? [.. findings, .. await KillModesAsync(cancellationToken)] : findings;
    }

    private Finding Of(ServiceState state, IServiceKeeper keeper)
    {
        var check = $"service-{state.Role.Name}";
        return !state.Installed ? Finding.Ok(check, $"not installed (\"hapi service install {state.Role.Name}\")", state.ToJson())
            : state.Home is null ? Finding.Warn(check, $"{keeper.FileOf(state.Role)} was not made by Hapi: {state.State}.", null, state.ToJson())
            : state.Home != home.Folder ? Finding.Ok(check, $"belongs to the Hapi of {state.Home}: {state.State}", state.ToJson())
            : state.Running ? Finding.Ok(check, $"{state.State}{(state.Pid is { } pid ? $", pid {pid}" : "")}", state.ToJson())
            : Finding.Warn(check, $"It is installed and does not run: {state.State}.", $"\"hapi service install {state.Role.Name}\" starts it; what it says is in \"journalctl --user -u hapi-{state.Role.Name}\".", state.ToJson());
    }

    // With the default kill mode a unit that stops takes every process in its group along, sessions too.
    private async Task<IReadOnlyList<Finding>> KillModesAsync(CancellationToken cancellationToken)
    {
        var units = Processes().Select(ControlGroup.Of).OfType<ControlGroup>().Distinct().ToList();
        var findings = new List<Finding>();
        foreach (var unit in units)
        {
            IReadOnlyList<string> manager = unit.OfUser ? ["--user"] : [];
            var mode = (await ProgramRun.AskAsync(["systemctl", .. manager, "show", unit.Unit, "--property=KillMode", "--value"], s_patience, cancellationToken)).Out.Trim();
            if (mode is not ("" or "process" or "none"))
            {
                findings.Add(Finding.Warn(
                    "kill-mode", $"{unit.Unit} has KillMode={mode}: stopping or restarting it ends every session in it.",
                    $"\"hapi service install\" makes units that do not. Or add KillMode=process with \"systemctl {string.Join(' ', manager.Append("edit"))} {unit.Unit}\".", new JsonObject { ["unit"] = unit.Unit, ["killMode"] = mode }));
            }
        }

        return findings;
    }

    private IEnumerable<int> Processes()
    {
        foreach (var session in new RunningSessions(home.Folder).List())
        {
            yield return session.Pid;
        }

        if (RunnerFile.Read(home.Folder) is { IsAlive: true, Process: { } runner })
        {
            yield return runner.Pid;
        }

        if (HubPort() is { } port && PortOwner.Of(port) is { } owner && int.TryParse(owner[(owner.LastIndexOf(' ') + 1)..].TrimEnd(')'), NumberStyles.None, CultureInfo.InvariantCulture, out var hub))
        {
            yield return hub;
        }
    }

    private int? HubPort()
    {
        try
        {
            return home.HubUrl().Url is { IsLoopback: true } url ? url.Port : null;
        }
        catch (Exception ex) when (ex is CommandException or Hub.HubStartException)
        {
            return null; // the settings have a finding of their own
        }
    }
}
