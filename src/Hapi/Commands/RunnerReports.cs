using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts.Machines;
using Hapi.Output;
using Hapi.Rpc;
using Hapi.Runner.Doors;
using Hapi.Runner.State;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>What <c>hapi runner</c> asks of a runner that runs.</summary>
internal static class RunnerReports
{
    public static async Task<int> StopAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        if (RunnerDoor.Find(home.Folder, TimeProvider.System) is not { } door)
        {
            output.Value(new JsonObject { ["stopped"] = false, ["running"] = false });
            output.Line("No runner runs.");
            return ExitCodes.Ok;
        }

        if (!await door.EndAsync("cli", cancellationToken))
        {
            throw new CommandException(ExitCodes.Failed, "runner_still_alive", $"The runner (pid {door.State.Pid}) did not end.");
        }

        output.Value(new JsonObject { ["stopped"] = true, ["pid"] = door.State.Pid });
        output.Line($"The runner (pid {door.State.Pid}) has ended. Its sessions live on.");
        return ExitCodes.Ok;
    }

    public static async Task<int> StatusAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        var reading = new RunnerStateFile(home.Folder).Read();
        if (reading.Running is not { } state)
        {
            output.Value(new JsonObject { ["running"] = false, ["stale"] = reading.State is not null, ["problem"] = reading.Problem });
            output.Line(reading.Problem ?? (reading.State is { } stale ? $"No runner runs; the last one (pid {stale.Pid}) ended without a word." : "No runner runs. \"hapi runner start\" starts one."));
            return ExitCodes.Ok;
        }

        var status = await AskAsync(new RunnerDoor(state, TimeProvider.System).StatusAsync(cancellationToken));
        var json = JsonSerializer.SerializeToNode(status, RunnerJson.Default.RunnerStatus)!.AsObject();
        json["running"] = true;
        output.Value(json);
        output.Line($"Runner    {status.Version}, pid {status.Pid}{(status.Supervised ? ", supervised" : "")}");
        output.Line($"Hub       {status.HubUrl} ({status.Link}{(status.Problem is { } problem ? $": {problem}" : "")})");
        output.Line($"Machine   {status.MachineId}");
        output.Line($"Sessions  {status.Sessions}{(status.Scopes ? ", each in a systemd scope" : "")}");
        output.Line($"Roots     {(status.WorkspaceRoots.Count == 0 ? "not set: nothing is restricted" : string.Join(", ", status.WorkspaceRoots))}");
        output.Line($"Log       {status.LogPath}");
        if (status.Reopen is { } reopen)
        {
            output.Line($"Reopen    {reopen.State}{(reopen.State is "done" ? $": {reopen.Reopened?.Count ?? 0} reopened, {reopen.Failed?.Count ?? 0} failed, {reopen.Skipped?.Count ?? 0} left alone" : "")}{(reopen.Problem is { } why ? $": {why}" : "")}");
        }

        foreach (var notice in status.Notices)
        {
            output.Line($"Note      {notice}");
        }

        return ExitCodes.Ok;
    }

    public static async Task<int> ListAsync(HapiHome home, Printer output, CancellationToken cancellationToken)
    {
        var sessions = (await AskAsync(Door(home).ListAsync(cancellationToken))).Sessions;
        output.Value(JsonSerializer.SerializeToNode(new RunnerSessions(sessions), RunnerJson.Default.RunnerSessions)!["sessions"]!);
        foreach (var session in sessions)
        {
            output.Line($"{session.SessionId}  {session.Flavor,-8}  pid {session.Pid,-8}  {session.StartedBy,-8}  {session.Directory}");
        }

        if (sessions.Count == 0)
        {
            output.Line("No session runs on this machine.");
        }

        return ExitCodes.Ok;
    }

    public static async Task<int> StopSessionAsync(HapiHome home, string id, Printer output, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var session))
        {
            throw new CommandException(ExitCodes.BadArguments, "session_id_invalid", $"\"{id}\" is no session id. \"hapi runner list\" shows them.");
        }

        var result = await AskAsync(Door(home).StopSessionAsync(new StopSessionRequest(session.ToString(), "cli"), cancellationToken));
        output.Value(new JsonObject { ["sessionId"] = session.ToString(), ["status"] = result.Status });
        output.Line(result.Status switch
        {
            "stopped" => "The session was stopped.",
            "already_gone" => "The session had ended already.",
            _ => "The session could not be stopped, or nothing is known of it here.",
        });
        return result.Status is "still_alive" ? ExitCodes.Failed : ExitCodes.Ok;
    }

    public static int Logs(HapiHome home, Printer output)
    {
        var folder = Path.Combine(home.Folder, "logs");
        var log = new RunnerStateFile(home.Folder).Read().State?.LogPath is { } named && File.Exists(named) ? named
            : Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*-runner.log").Order(StringComparer.Ordinal).LastOrDefault() : null;
        output.Value(new JsonObject { ["log"] = log });
        output.Line(log ?? "No runner has left a log here.");
        return ExitCodes.Ok;
    }

    private static RunnerDoor Door(HapiHome home) => RunnerDoor.Find(home.Folder, TimeProvider.System)
        ?? throw new CommandException(ExitCodes.RunnerNotRunning, "runner_not_running", "No runner runs. \"hapi runner start\" starts one.");

    private static async Task<T> AskAsync<T>(Task<T> asking)
    {
        try
        {
            return await asking;
        }
        catch (Exception ex) when (ex is IOException or RpcException)
        {
            throw new CommandException(ExitCodes.RunnerNotRunning, "runner_silent", $"{ex.Message} \"hapi runner stop\" ends it; its sessions live on.");
        }
    }
}
