using System.CommandLine;
using Hapi.Output;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi runner</c>: the daemon that keeps this machine in reach of the hub, starts sessions and looks after them.</summary>
internal static class RunnerCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("runner", "Keep this machine in reach: start sessions from a phone, and look after them.");
        var flags = new RunnerFlags();
        command.Subcommands.Add(Starting("start", "Start the runner in the background.", flags, (home, wish, token) => RunnerLaunch.StartAsync(home, wish, output, token)));
        command.Subcommands.Add(Starting("start-sync", "Run the runner in this terminal, or under a service manager.", flags, (home, wish, token) => RunnerLaunch.RunAsync(home, wish, output, token)));
        command.Subcommands.Add(Leaf("stop", "Stop the runner. Its sessions live on.", (home, token) => RunnerReports.StopAsync(home, output, token)));
        command.Subcommands.Add(Leaf("status", "Show how the runner is.", (home, token) => RunnerReports.StatusAsync(home, output, token)));
        command.Subcommands.Add(Leaf("list", "List the sessions that run on this machine.", (home, token) => RunnerReports.ListAsync(home, output, token)));
        command.Subcommands.Add(Leaf("logs", "Show where the runner's log is.", (home, _) => Task.FromResult(RunnerReports.Logs(home, output))));
        var id = new Argument<string>("id") { Description = "The session's id." };
        var stop = new Command("stop-session", "Stop a session on this machine.") { id };
        stop.Options.Add(Json());
        stop.SetAction((parsed, token) => RunnerReports.StopSessionAsync(HapiHome.Open(), parsed.GetValue(id)!, output, token));
        command.Subcommands.Add(stop);
        return command;
    }

    private static Command Starting(string name, string description, RunnerFlags flags, Func<HapiHome, RunnerWish, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        flags.AddTo(command);
        command.Options.Add(Json());
        command.SetAction((parsed, token) => run(HapiHome.Open(), flags.Read(parsed), token));
        return command;
    }

    private static Command Leaf(string name, string description, Func<HapiHome, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.Options.Add(Json());
        command.SetAction((_, token) => run(HapiHome.Open(), token));
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer with JSON." };
}
