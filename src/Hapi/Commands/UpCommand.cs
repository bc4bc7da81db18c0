using System.CommandLine;
using Hapi.Hub;
using Hapi.Hubs;
using Hapi.Output;
using Hapi.Reach;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary>
/// <c>hapi up</c>: everything a newcomer needs, in one command. A hub if none runs, a demo session in this folder, and the links. Ctrl-C ends
/// what this command started; other sessions live on.
/// </summary>
internal static class UpCommand
{
    public static Command Create(Printer output)
    {
        var command = new Command("up", "Start a hub and a demo session in this folder, and print the links to steer it.");
        var listen = new ListenFlags();
        listen.AddTo(command);
        command.Options.Add(new Option<bool>("--json") { Description = "Print the links as JSON." });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = HapiHome.Open();
            var options = listen.Read(parsed, home);
            await listen.RememberAsync(parsed, home, cancellationToken);
            var address = new Uri($"http://127.0.0.1:{options.Port}");
            return options.Port != 0 && await HubClient.AnswersAsync(address, cancellationToken)
                ? await AttachAsync(home, options, address, output, cancellationToken)
                : await RunAsync(home, options, output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(HapiHome home, HubOptions options, Printer output, CancellationToken cancellationToken)
    {
        await using var hub = await RunningHub.StartAsync(options, cancellationToken);
        await using var demo = DemoSession.Start(home, new Uri($"http://127.0.0.1:{hub.Port}"));
        var links = await SignInLinks.CreateAsync(options, hub.Port, () => hub.Hub.CreatePairingCodeAsync(null, CancellationToken.None));
        output.Value(links.ToJson());
        output.Line($"Hapi is up. A demo agent waits in {demo.Directory}.");
        links.Print(output);
        output.Line("  Ctrl-C ends the hub and the demo; other sessions live on. \"hapi claude\" in another terminal runs Claude Code.");
        await hub.Signalled;
        output.Line("Ending the demo and the hub …");
        return ExitCodes.Ok;
    }

    // A hub runs already, here or in a service: its links, and a demo in this folder if there is none.
    private static async Task<int> AttachAsync(HapiHome home, HubOptions options, Uri address, Printer output, CancellationToken cancellationToken)
    {
        if (home.Token().Token is not { } token)
        {
            throw new CommandException(ExitCodes.PortTaken, "port_taken", $"Another user's hub answers on port {options.Port}. Take another port with --port.");
        }

        using var client = await HubClient.SignInAsync(address, token, cancellationToken);
        var links = await SignInLinks.CreateAsync(options, options.Port, async () => (await client.PairingCodeAsync(cancellationToken)).Code);
        output.Value(links.ToJson());
        output.Line("A hub runs already.");
        links.Print(output);
        if (DemoSession.RunsIn(home, HapiHome.InvokedDirectory))
        {
            output.Line("  The demo agent of this folder runs too.");
            return ExitCodes.Ok;
        }

        using var signal = new EndSignal();
        await using var demo = DemoSession.Start(home, address);
        output.Line($"  A demo agent waits in {demo.Directory}. Ctrl-C ends it; the hub stays.");
        await signal.Given;
        return ExitCodes.Ok;
    }
}
