using Hapi.Agents.Demo;
using Hapi.Settings;

namespace Hapi.Commands;

/// <summary><c>hapi demo-agent</c>: the program behind <c>hapi demo</c>, an agent without a model on standard input and output.</summary>
internal static class DemoAgentCommand
{
    public static async Task<int> RunAsync()
    {
        var home = Path.Combine(HapiHome.Open().Folder, "demo");
        await DemoAgent.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), home, TimeProvider.System, CancellationToken.None);
        return ExitCodes.Ok;
    }
}
