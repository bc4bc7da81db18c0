namespace Hapi.Services;

/// <summary>What runs as a service: the hub and the runner, apart, so that restarting one leaves the other alone.</summary>
/// <param name="Command">What the executable is told to do.</param>
/// <param name="RestartsAlways">The runner also comes back when it was asked to end; the hub only when it failed.</param>
internal sealed record ServiceRole(string Name, string Title, IReadOnlyList<string> Command, bool RestartsAlways)
{
    public static ServiceRole Hub { get; } = new("hub", "Hapi hub", ["hub"], RestartsAlways: false);

    public static ServiceRole Runner { get; } = new("runner", "Hapi runner", ["runner", "start-sync"], RestartsAlways: true);

    public static IReadOnlyList<ServiceRole> All { get; } = [Hub, Runner];
}
