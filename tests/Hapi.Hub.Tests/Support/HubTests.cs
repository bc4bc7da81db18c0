namespace Hapi.Hub.Tests.Support;

/// <summary>Tests of a running hub. Each has a hub of its own.</summary>
public abstract class HubTests(StoreKind store) : IAsyncLifetime
{
    private TestHub? _hub;

    protected TestHub Hub => _hub!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => _hub = await TestHub.StartAsync(store, Options);

    public async ValueTask DisposeAsync()
    {
        if (_hub is { } hub)
        {
            await hub.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual HubOptions Options(HubOptions options) => options;
}
