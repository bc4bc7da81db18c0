using Hapi.Hub;
using Hapi.Reach;

namespace Hapi.Commands;

/// <summary>A hub inside this process, until a signal ends it.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly HubApp _hub;
    private readonly EndSignal _signal = new();

    private RunningHub(HubApp hub) => _hub = hub;

    public HubApp Hub => _hub;

    public int Port => _hub.Address.Port;

    /// <summary>Completes at SIGINT or SIGTERM.</summary>
    public Task Signalled => _signal.Given;

    /// <exception cref="HubStartException">It cannot start; a taken port says by whom.</exception>
    public static async Task<RunningHub> StartAsync(HubOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return new RunningHub(await HubApp.StartAsync(options, cancellationToken));
        }
        catch (HubStartException ex) when (ex.Code is "port_taken")
        {
            var by = PortOwner.Of(options.Port) is { } owner ? $" by {owner}" : "";
            throw new HubStartException("port_taken", $"Port {options.Port} is taken{by}. End that, or take another with --port.", ex);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _signal.Dispose();
    }
}
