using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Api;
using Hapi.Contracts.Sessions;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Sessions;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi sessions</c>: the sessions the hub knows, and what a person does with one.</summary>
internal static class SessionsCommand
{
    private const int MaxName = 255;

    public static Command Create(Printer output)
    {
        var command = Listing("sessions", output);
        command.Subcommands.Add(Listing("list", output));
        command.Subcommands.Add(OfOne("show", "Show everything the hub knows of a session.", output, ShowAsync));
        command.Subcommands.Add(OfOne("stop", "End a session that runs.", output, StopAsync));
        command.Subcommands.Add(OfOne("archive", "End a session; one that has no process any more is put away.", output, ArchiveAsync));
        command.Subcommands.Add(OfOne("reopen", "Bring an ended session back, on its own machine.", output, ReopenAsync));
        command.Subcommands.Add(Rename(output));
        command.Subcommands.Add(OfOne("delete", "Delete an ended session with everything that was said in it.", output, DeleteAsync));
        return command;
    }

    private static Command Listing(string name, Printer output)
    {
        var all = new Option<bool>("--all") { Description = "Also those that have ended." };
        var active = new Option<bool>("--active") { Description = "Only those whose process is connected." };
        var interrupted = new Option<bool>("--interrupted") { Description = "Only those that ended against everybody's wish." };
        var machine = new Option<string>("--machine") { Description = "Only those of this machine: its id or the beginning of it." };
        var command = new Command(name, "List the sessions: those that have not ended, newest first.") { all, active, interrupted, machine, Json() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var hub = await SignInAsync(cancellationToken);
            var sessions = (await hub.SessionsAsync(cancellationToken)).Where(s =>
                (parsed.GetValue(interrupted) ? s.Interrupted is true : parsed.GetValue(active) ? s.Active : parsed.GetValue(all) || s.Interrupted is true || !SessionWords.HasEnded(s))
                && (parsed.GetValue(machine) is not { } id || s.Metadata?.MachineId?.StartsWith(id, StringComparison.OrdinalIgnoreCase) is true)).ToList();
            output.Value(new JsonArray([.. sessions.Select(s => JsonSerializer.SerializeToNode(s, ApiJson.Default.SessionSummary))]));
            List(sessions, output);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command OfOne(string name, string description, Printer output, Func<HubClient, SessionSummary, Printer, CancellationToken, Task> act)
    {
        var id = Id();
        var command = new Command(name, description) { id, Json() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var hub = await SignInAsync(cancellationToken);
            await act(hub, await FindAsync(hub, parsed.GetValue(id)!, cancellationToken), output, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Rename(Printer output)
    {
        var id = Id();
        var words = new Argument<string[]>("name") { Description = "What the session shall be called.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("rename", "Give a session a name; it wins over every title.") { id, words, Json() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = string.Join(' ', parsed.GetValue(words)!).Trim();
            if (name.Length is 0 or > MaxName)
            {
                throw new CommandException(ExitCodes.BadArguments, "bad_arguments", $"A name has 1 to {MaxName} characters.");
            }

            using var hub = await SignInAsync(cancellationToken);
            var session = await FindAsync(hub, parsed.GetValue(id)!, cancellationToken);
            await hub.RenameAsync(session.Id, name, cancellationToken);
            Done(output, session, $"\"{SessionWords.Name(session)}\" is called \"{name}\" now.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void List(List<SessionSummary> sessions, Printer output)
    {
        if (output.Json)
        {
            return;
        }

        if (sessions.Count == 0)
        {
            output.Line("No session is there. \"hapi sessions --all\" shows those that have ended too; \"hapi claude\" begins one.");
            return;
        }

        foreach (var line in SessionTable.Lines(sessions, Console.IsOutputRedirected ? SessionTable.Width : Math.Max(SessionTable.Width, Console.WindowWidth), TimeProvider.System))
        {
            output.Line(line);
        }
    }

    private static async Task ShowAsync(HubClient hub, SessionSummary session, Printer output, CancellationToken cancellationToken)
    {
        var detail = await hub.SessionAsync(session.Id, cancellationToken);
        output.Value(JsonSerializer.SerializeToNode(detail.Session, ApiJson.Default.Session)!);
        if (output.Json)
        {
            return;
        }

        foreach (var (name, value) in SessionSheet.Lines(session, detail.Session, TimeProvider.System))
        {
            output.Line($"{name,-10} {DisplayText.Plain(value)}");
        }
    }

    private static async Task StopAsync(HubClient hub, SessionSummary session, Printer output, CancellationToken cancellationToken)
    {
        if (SessionWords.HasEnded(session))
        {
            throw new CommandException(ExitCodes.Failed, "session_inactive", $"\"{SessionWords.Name(session)}\" has ended already. \"hapi sessions archive\" puts it away, \"hapi sessions delete\" deletes it.");
        }

        await ArchiveAsync(hub, session, output, cancellationToken);
    }

    private static async Task ArchiveAsync(HubClient hub, SessionSummary session, Printer output, CancellationToken cancellationToken)
    {
        var answer = await hub.ArchiveAsync(session.Id, cancellationToken);
        var now = (await hub.SessionsAsync(cancellationToken)).FirstOrDefault(s => s.Id == session.Id) ?? session;
        output.Value(new JsonObject { ["ok"] = true, ["sessionId"] = session.Id, ["alreadyArchived"] = answer.AlreadyArchived ?? false, ["archivedBy"] = now.Metadata?.ArchivedBy, ["archiveReason"] = now.Metadata?.ArchiveReason });
        output.Line(answer.AlreadyArchived is true ? $"\"{SessionWords.Name(session)}\" was archived already ({now.Metadata?.ArchiveReason})." : $"\"{SessionWords.Name(session)}\": {SessionWords.State(now)}.");
    }

    private static async Task ReopenAsync(HubClient hub, SessionSummary session, Printer output, CancellationToken cancellationToken)
    {
        Printer.Error($"Reopening \"{SessionWords.Name(session)}\" …");
        var answer = await hub.ReopenAsync(session.Id, cancellationToken);
        var resumed = answer.TryGetProperty("resumed", out var flag) && flag.ValueKind is JsonValueKind.True;
        output.Value(new JsonObject { ["ok"] = true, ["sessionId"] = session.Id, ["resumed"] = resumed });
        output.Line(resumed ? $"\"{SessionWords.Name(session)}\" is back." : $"\"{SessionWords.Name(session)}\" runs already.");
    }

    private static async Task DeleteAsync(HubClient hub, SessionSummary session, Printer output, CancellationToken cancellationToken)
    {
        await hub.DeleteAsync(session.Id, cancellationToken);
        Done(output, session, $"\"{SessionWords.Name(session)}\" is deleted.");
    }

    private static void Done(Printer output, SessionSummary session, string line)
    {
        output.Value(new JsonObject { ["ok"] = true, ["sessionId"] = session.Id });
        output.Line(line);
    }

    private static async Task<SessionSummary> FindAsync(HubClient hub, string given, CancellationToken cancellationToken) =>
        SessionPrefix.Find(await hub.SessionsAsync(cancellationToken), given, s => s.Id, SessionWords.Name);

    private static async Task<HubClient> SignInAsync(CancellationToken cancellationToken)
    {
        var home = HapiHome.Open();
        return await HubClient.SignInAsync(home.HubUrl().Url, await home.RequireTokenAsync(cancellationToken), cancellationToken);
    }

    private static Argument<string> Id() => new("id") { Description = "The session's id, or the beginning of it." };

    private static Option<bool> Json() => new("--json") { Description = "Answer with JSON." };
}
