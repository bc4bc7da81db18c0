using System.Globalization;
using Hapi.Processes;

namespace Hapi.EndToEnd.Tests.Stages;

/// <summary>What a service manager does to processes, by their numbers.</summary>
internal static class Unix
{
    /// <summary>Sends a signal by name to each, in this order, in one go.</summary>
    public static async Task SignalAsync(string name, params IReadOnlyList<int> pids)
    {
        await using var kill = ChildProcess.Start(new ChildStart("/bin/kill", ["-s", name, "--", .. pids.Select(p => p.ToString(CultureInfo.InvariantCulture))]));
        Assert.Equal(0, (await kill.Completion).ExitCode);
    }

    /// <summary>The processes that this one has started and that live.</summary>
    public static IReadOnlyList<ProcessIdentity> ChildrenOf(int pid) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => ProcessIdentity.Of(int.Parse(child, CultureInfo.InvariantCulture))).OfType<ProcessIdentity>(),
    ];

    /// <summary>Waits until it is gone, or only its remains are left.</summary>
    public static Task GoneAsync(ProcessIdentity process) => TestKit.Eventually.TrueAsync(() => !process.IsAlive(), $"{process.Pid} is gone", TestContext.Current.CancellationToken);
}
