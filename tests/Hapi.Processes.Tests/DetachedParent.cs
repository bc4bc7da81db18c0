using System.Runtime.CompilerServices;

namespace Hapi.Processes.Tests;

/// <summary>This test executable, run again as the parent of a detached child: starts it, says its pid, and waits to be killed.</summary>
internal static class DetachedParent
{
    public const string Argument = "detached-parent";

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetCommandLineArgs() is not [_, Argument, var log])
        {
            return;
        }

        var child = DetachedProcess.Start(new ChildStart("/bin/sh", ["-c", "exec sleep 600"]), log);
        Console.WriteLine(child.Pid);
        Console.In.ReadToEnd();
        Environment.Exit(0);
    }
}
