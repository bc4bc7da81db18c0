// An ACP agent with one way to behave for each mode, as a real program.
using System.Runtime.InteropServices;
using Hapi.AcpTestAgent;
using Hapi.Agents.Demo;

var (input, output) = (Console.OpenStandardInput(), Console.OpenStandardOutput());
switch (args)
{
    // The agent that ships in Hapi; it remembers conversations in a folder.
    case ["demo", var home]:
        await DemoAgent.RunAsync(input, output, home, TimeProvider.System, CancellationToken.None);
        return 0;

    // It is not signed in, and says so as it leaves.
    case ["signed-out"]:
        await Console.Error.WriteLineAsync("Error: No authentication information found. Please run the login command.");
        return 1;

    // What programs print to stdout beside their messages.
    case ["chatty"]:
        await output.WriteAsync("Welcome to the agent!\n\n[1,2,3]\nnull\n{\"half\":\n"u8.ToArray());
        await output.FlushAsync();
        break;

    // It leaves in order when it is asked to.
    case ["polite"]:
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Environment.Exit(0);
        }))
        {
            await TestAgent.RunAsync(input, output, "polite");
        }

        return 0;

    // It never says a word.
    case ["mute"]:
        await new TaskCompletionSource().Task;
        return 0;

    // It opens the conversation when a file says so, and shows by files how far it is.
    case ["gated", var folder]:
        await TestAgent.RunAsync(input, output, "gated", folder);
        return 0;

    // It does not leave when its input ends, nor when it is asked to.
    case ["stubborn"]:
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true))
        {
            await TestAgent.RunAsync(input, output, "stubborn");
            await new TaskCompletionSource().Task;
        }

        return 0;
}

await TestAgent.RunAsync(input, output, args.FirstOrDefault() ?? "");
return 0;
