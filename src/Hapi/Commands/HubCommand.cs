using System.CommandLine;
using Hapi.Output;
using Hapi.Reach;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi hub</c>: the server, until it is told to end. It drains and never touches a session.</summary>
internal static class HubCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("hub", "Run the hub: the server that phones and browsers talk to.") { Aliases = { "server" } };
        var listen = new ListenFlags();
        listen.AddTo(command);
        command.Options.Add(new Option<bool>("--json") { Description = "Print the address and a sign-in link as JSON." });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = HapiHome.Open();
            var options = listen.Read(parsed, home);
            await listen.RememberAsync(parsed, home, cancellationToken);
            await using var hub = await RunningHub.StartAsync(options, cancellationToken);
            var links = await SignInLinks.CreateAsync(options, hub.Port, () => hub.Hub.CreatePairingCodeAsync(null, CancellationToken.None));
            output.Value(links.ToJson());
            output.Line("The hub runs. Ctrl-C ends it; sessions go on without it.");
            links.Print(output);
            await hub.Signalled;
            return ExitCodes.Ok;
        });
        return command;
    }
}
