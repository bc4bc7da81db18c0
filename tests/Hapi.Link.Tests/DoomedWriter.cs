using System.Runtime.CompilerServices;

namespace Hapi.Link.Tests;

/// <summary>This test executable, run again as a process that appends facts, says each number that is safe, and is killed meanwhile.</summary>
internal static class DoomedWriter
{
    public const string Argument = "doomed-writer";

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetCommandLineArgs() is not [_, Argument, var path])
        {
            return;
        }

        // Without a continuation of this module: no other thread may enter it before its initializer is done.
        var outbox = Outbox.Open(path, TimeProvider.System);
        for (var i = 1; ; i++)
        {
            Console.WriteLine(outbox.AppendAsync(Samples.Message($"{i}"), CancellationToken.None).GetAwaiter().GetResult());
        }
    }
}
