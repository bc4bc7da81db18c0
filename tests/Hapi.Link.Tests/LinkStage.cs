using Hapi.TestKit;

namespace Hapi.Link.Tests;

/// <summary>A process's link to a hub, on a real socket, with a handler that a test watches.</summary>
public abstract class LinkStage : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private protected TestHub Hub { get; } = new();

    private protected RecordingHandler Handler { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Hub.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static Task UpAsync(HubLink link) => Eventually.TrueAsync(() => link.State is LinkState.Connected, "the link is up", Token);

    protected string File => _folder["session.db"];

    protected Outbox Open(long maxBytes = Outbox.DefaultMaxBytes) => Outbox.Open(File, TimeProvider.System, maxBytes);

    protected HubLink Connect(Outbox outbox, TimeProvider? time = null)
    {
        var link = new HubLink(new LinkOptions(Hub.Url, "token", Samples.SessionId, "1.0"), outbox, Handler, time ?? TimeProvider.System);
        link.Start();
        return link;
    }
}
