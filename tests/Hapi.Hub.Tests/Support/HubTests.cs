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

    /// <summary>The texts of a session's messages, oldest first.</summary>
    protected async Task<string[]> TextsAsync(string session)
    {
        var page = await Hub.GetAsync($"/api/sessions/{session}/messages?limit=200");
        return [.. page.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetProperty("content").GetProperty("data").GetProperty("message").GetString()!)];
    }
}
