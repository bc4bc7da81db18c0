using System.CommandLine;
using System.Text.Json.Nodes;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Services;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi service</c>: hub and runner as services of this user, apart.</summary>
internal static class ServiceCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("service", "Run the hub and the runner as services of this user.");
        command.Subcommands.Add(Install(output));
        command.Subcommands.Add(Leaf("uninstall", "Stop what install has started, and remove its file.", output, UninstallAsync));
        command.Subcommands.Add(Leaf("status", "Show which services are installed and whether they run.", output, StatusAsync));
        return command;
    }

    private static Command Install(Printer output)
    {
        var role = Role();
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be written and run, and change nothing." };
        var force = new Option<bool>("--force") { Description = "Replace a service file that Hapi did not make." };
        var roots = new Option<string[]>("--workspace-root") { Description = "Runner: folders that sessions may be started in." };
        var reopen = new Option<bool>("--reopen-interrupted") { Description = "Runner: reopen sessions that were interrupted, when it starts." };
        var listen = new ListenFlags();
        var command = new Command("install", "Install, start, and start at each sign-in. Again is no harm.") { role, dryRun, force, Json(), roots, reopen };
        listen.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = HapiHome.Open();
            var keeper = await ServiceKeepers.OfThisSystemAsync(home, cancellationToken);
            listen.Read(parsed, home); // what the hub would refuse is refused now
            IReadOnlyList<string> runnerFlags = [.. (parsed.GetValue(roots) ?? []).SelectMany(r => new[] { roots.Name, Path.GetFullPath(r, HapiHome.InvokedDirectory) }), .. parsed.GetValue(reopen) ? [reopen.Name] : (IEnumerable<string>)[]];
            var specs = Roles(parsed.GetValue(role)).Select(r => ServiceSpec.Create(r, home.Folder, Executable(), r == ServiceRole.Hub ? listen.Given(parsed) : runnerFlags, HapiHome.Variable)).ToList();
            return parsed.GetValue(dryRun)
                ? Print(keeper, specs, output)
                : await InstallAsync(home, new ServiceInstaller(keeper, home.Folder), specs, parsed.GetValue(force), output, cancellationToken);
        });
        return command;
    }

    private static Command Leaf(string name, string description, Printer output, Func<ServiceInstaller, IReadOnlyList<ServiceRole>, bool, Printer, CancellationToken, Task> act)
    {
        var role = Role();
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be run, and change nothing." };
        var command = new Command(name, description) { role, dryRun, Json() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = HapiHome.Open();
            var installer = new ServiceInstaller(await ServiceKeepers.OfThisSystemAsync(home, cancellationToken), home.Folder);
            await act(installer, [.. Roles(parsed.GetValue(role))], parsed.GetValue(dryRun), output, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static int Print(IServiceKeeper keeper, IReadOnlyList<ServiceSpec> specs, Printer output)
    {
        output.Value(new JsonArray([.. specs.Select(s => new JsonObject
        {
            ["service"] = s.Role.Name, ["file"] = keeper.FileOf(s.Role), ["text"] = keeper.Describe(s), ["commands"] = new JsonArray([.. keeper.Start(s.Role, changed: true).Select(c => (JsonNode)c.ToString())]),
        })]));
        foreach (var spec in specs)
        {
            output.Line($"{keeper.FileOf(spec.Role)}:");
            output.Line(keeper.Describe(spec));
            foreach (var step in keeper.Start(spec.Role, changed: true))
            {
                output.Line($"$ {step}");
            }

            output.Line();
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> InstallAsync(HapiHome home, ServiceInstaller installer, IReadOnlyList<ServiceSpec> specs, bool force, Printer output, CancellationToken cancellationToken)
    {
        await installer.RequireKeeperAsync(cancellationToken);
        var done = new JsonArray();
        foreach (var spec in specs)
        {
            await RequireFreeAsync(home, installer, spec, cancellationToken);
            var changed = installer.Write(spec, force);
            await ServiceInstaller.RunAsync(installer.Keeper.Start(spec.Role, changed), cancellationToken);
            done.Add((JsonNode)new JsonObject { ["service"] = spec.Role.Name, ["file"] = installer.Keeper.FileOf(spec.Role), ["changed"] = changed });
            output.Line($"{spec.Role.Title}: {(changed ? "installed and started" : "was installed already")} ({installer.Keeper.FileOf(spec.Role)}).");
        }

        output.Value(done);
        if (HapiHome.Variable("CLI_API_TOKEN") is not null && home.Token().Source is "environment")
        {
            output.Line("CLI_API_TOKEN is set in this shell only; services do not see it. \"hapi auth login\" stores the token in settings.json.");
        }

        if (installer.Keeper.Hint is { } hint)
        {
            output.Line(hint);
        }

        return ExitCodes.Ok;
    }

    // Two hubs on one port, or two runners of one home: the service would fail again and again.
    private static async Task RequireFreeAsync(HapiHome home, ServiceInstaller installer, ServiceSpec spec, CancellationToken cancellationToken)
    {
        if ((await installer.StateAsync(spec.Role, cancellationToken)).Running)
        {
            return;
        }

        if (spec.Role == ServiceRole.Hub && home.HubUrl().Url is { IsLoopback: true } url && await HubClient.AnswersAsync(url, cancellationToken))
        {
            throw new CommandException(ExitCodes.PortTaken, "port_taken", $"A hub runs already at {url}. End it first; its sessions go on, and the service's hub takes over.");
        }
    }

    private static async Task UninstallAsync(ServiceInstaller installer, IReadOnlyList<ServiceRole> roles, bool dryRun, Printer output, CancellationToken cancellationToken)
    {
        var done = new JsonArray();
        foreach (var role in roles)
        {
            var installed = dryRun ? (await installer.StateAsync(role, cancellationToken)).Installed : await installer.RemoveAsync(role, cancellationToken);
            done.Add((JsonNode)new JsonObject { ["service"] = role.Name, ["removed"] = installed && !dryRun, ["file"] = installer.Keeper.FileOf(role) });
            output.Line(!installed ? $"{role.Title}: was not installed." : dryRun ? $"{role.Title}: would run {string.Join("; ", installer.Keeper.Stop(role))} and remove {installer.Keeper.FileOf(role)}." : $"{role.Title}: stopped and removed. Sessions go on.");
        }

        output.Value(done);
    }

    private static async Task StatusAsync(ServiceInstaller installer, IReadOnlyList<ServiceRole> roles, bool dryRun, Printer output, CancellationToken cancellationToken)
    {
        var states = new List<ServiceState>();
        foreach (var role in roles)
        {
            states.Add(await installer.StateAsync(role, cancellationToken));
        }

        output.Value(new JsonArray([.. states.Select(s => s.ToJson())]));
        foreach (var state in states)
        {
            var whose = !state.Installed ? "" : state.Home is { } home ? $"  HAPI_HOME {home}" : "  not made by Hapi";
            output.Line($"{state.Role.Title,-12} {state.State}{(state.Pid is { } pid ? $", pid {pid}" : "")}{whose}");
        }
    }

    private static IEnumerable<ServiceRole> Roles(string? name) => ServiceRole.All.Where(r => name is null || r.Name == name);

    private static string Executable() => Path.GetFileNameWithoutExtension(SessionLaunch.Executable()) is not "dotnet" ? SessionLaunch.Executable()
        : throw new CommandException(ExitCodes.Unsupported, "no_executable", "Run the executable itself, not \"dotnet hapi.dll\": a service needs its path.");

    private static Argument<string?> Role()
    {
        var role = new Argument<string?>("service") { Description = "hub or runner; both without it.", Arity = ArgumentArity.ZeroOrOne };
        role.AcceptOnlyFromAmong("hub", "runner");
        return role;
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer with JSON." };
}
