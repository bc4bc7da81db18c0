using System.CommandLine;
using System.Text.Json;
using Hapi.Agents;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Picker;
using Hapi.Sessions;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi resume</c>: go on with a session in this terminal. One that runs elsewhere on this machine is handed over first.</summary>
internal static class ResumeCommand
{
    public static Command Create(Printer output)
    {
        var id = new Argument<string?>("id") { Description = "The session's id, or the beginning of it. Without it you choose.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("resume", "Go on with a session of this machine, in this terminal.") { id, new Option<bool>("--json") { Description = "Print one line of JSON when the session begins." } };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = HapiHome.Open();
            using var hub = await ConnectAsync(home, cancellationToken);
            var all = await ResumeTargets.FindAsync(home, hub, cancellationToken);
            var target = parsed.GetValue(id) is { } given ? SessionPrefix.Find(all, given, t => t.Id, t => t.Label) : Choose(all, home, output);
            return await RunAsync(home, hub, target, output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(HapiHome home, HubClient? hub, ResumeTarget target, Printer output, CancellationToken cancellationToken)
    {
        Check(target, home.MachineIdOrNull());
        var detail = hub is null || !await KnownAsync(hub, target, cancellationToken) ? null : (await hub.SessionAsync(target.Id, cancellationToken)).Session;
        var flavor = AgentCatalog.Find(target.Flavor ?? "") ?? throw new CommandException(
            ExitCodes.AgentNotFound, "agent_unknown", $"\"{target.Label}\" is a session of \"{target.Flavor}\", which this version of Hapi cannot run.");
        // Looked for now: a session that runs is not ended for an agent that is not there.
        var command = SessionCommands.CommandLine(flavor, SessionLaunch.CommandOf(target.Id));
        if (target.Active || target.Live is not null)
        {
            if (ControlledHere(detail))
            {
                throw new CommandException(ExitCodes.SessionBusy, "controlled_locally", $"\"{target.Label}\" is steered in another terminal already. End it there first.");
            }

            Printer.Error($"\"{target.Label}\" runs; taking it over …");
            await new HandOff(hub, TimeProvider.System).TakeAsync(target, cancellationToken);
        }

        var wish = new SessionWish(
            ExistingSessionId: target.Id, NewSessionId: null, PermissionMode: detail?.PermissionMode, Model: detail?.Model, Effort: detail?.Effort ?? detail?.ModelReasoningEffort, NativeSessionId: null, StartedBy: "terminal", Directory: target.Directory);
        return await SessionLaunch.RunAsync(flavor, wish, command, [], output, cancellationToken);
    }

    private static void Check(ResumeTarget target, string? machineId)
    {
        if (target.MachineId is null)
        {
            throw new CommandException(ExitCodes.NotHere, "machine_unknown", $"Nobody knows on which machine \"{target.Label}\" ran.");
        }

        if (target.MachineId != machineId)
        {
            throw new CommandException(ExitCodes.NotHere, "other_machine", $"\"{target.Label}\" ran on {target.Host ?? target.MachineId}. Run \"hapi resume\" there, or \"hapi sessions reopen {target.Id}\".");
        }

        if (!Directory.Exists(target.Directory))
        {
            throw new CommandException(ExitCodes.NotHere, "directory_not_found", $"The folder of \"{target.Label}\", {target.Directory}, does not exist any more. Bring it back and try again.");
        }
    }

    // What began without a hub may not have reached it yet.
    private static async Task<bool> KnownAsync(HubClient hub, ResumeTarget target, CancellationToken cancellationToken) =>
        (await hub.SessionsAsync(cancellationToken)).Any(s => s.Id == target.Id);

    private static bool ControlledHere(Contracts.Sessions.Session? session) =>
        session?.AgentState?.ToElement() is { ValueKind: JsonValueKind.Object } state && state.TryGetProperty("controlledByUser", out var flag) && flag.ValueKind is JsonValueKind.True;

    private static ResumeTarget Choose(IReadOnlyList<ResumeTarget> all, HapiHome home, Printer output)
    {
        var mine = all.Where(t => t.MachineId is not null && t.MachineId == home.MachineIdOrNull()).ToList();
        if (mine.Count == 0)
        {
            throw new CommandException(ExitCodes.SessionNotFound, "nothing_to_resume", "No session of this machine is there to go on with. \"hapi claude\" begins one.");
        }

        var rows = mine.ConvertAll(t => t.Row(TimeProvider.System));
        if (!TerminalPicker.CanShow)
        {
            for (var i = 0; i < mine.Count; i++)
            {
                output.Line($"{i + 1}. {DisplayText.Column(rows[i].Agent, 8)} {DisplayText.Column(rows[i].State, 13)} {DisplayText.Plain(mine[i].Label)}  {mine[i].Directory}  {mine[i].Id}");
            }

            throw new CommandException(ExitCodes.BadArguments, "id_needed", "Without a terminal nothing can be chosen. Give an id: hapi resume <id>.");
        }

        var picked = TerminalPicker.Choose("Which session shall go on here?", rows) ?? throw new CommandException(ExitCodes.Cancelled, "cancelled", "Nothing was chosen.");
        return mine.First(t => t.Id == picked.Id);
    }

    // Without a hub the sessions of this machine can go on all the same.
    private static async Task<HubClient?> ConnectAsync(HapiHome home, CancellationToken cancellationToken)
    {
        var (url, _) = home.HubUrl();
        try
        {
            return await HubClient.SignInAsync(url, await home.RequireTokenAsync(cancellationToken), cancellationToken);
        }
        catch (CommandException ex) when (ex.Code is "hub_unreachable")
        {
            Printer.Error($"The hub at {url} cannot be reached; only sessions that ran here can go on.");
            return null;
        }
    }
}
