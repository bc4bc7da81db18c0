using System.Text;
using System.Text.Json;
using Hapi.Bench.Hubs;
using Hapi.Contracts;
using Hapi.Contracts.Link;
using Hapi.Link;

namespace Hapi.Bench.Clients;

/// <summary>A session that talks a hundred times a second through the product's outbox and link, whatever becomes of the hub.</summary>
internal sealed class StreamingSession : ILinkHandler, IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource _finishing = new();
    private readonly Outbox _outbox;
    private readonly HubLink _link;
    private Task _talking = Task.CompletedTask;
    private long _said;

    private StreamingSession(HubProcess hub, string folder)
    {
        Id = Guid.NewGuid().ToString();
        _outbox = Outbox.Open(Path.Combine(folder, "outbox.db"), TimeProvider.System);
        _link = new HubLink(new LinkOptions(hub.Address, hub.Token, Id, "bench"), _outbox, this, TimeProvider.System);
    }

    public string Id { get; }

    /// <summary>How many messages are in the outbox or were; they are numbered from 0.</summary>
    public long Said => Interlocked.Read(ref _said);

    /// <summary>Opens a session at the hub and begins to talk.</summary>
    public static async Task<StreamingSession> StartAsync(HubProcess hub, string folder, CancellationToken cancellationToken)
    {
        var session = new StreamingSession(hub, folder);
        await session._outbox.AppendAsync(Facts.Opened("/projects/" + session.Id[..8]), cancellationToken);
        session._link.Start();
        await session._link.FlushAsync(TimeSpan.FromSeconds(10));
        session._talking = session.TalkAsync();
        return session;
    }

    /// <summary>Says no more, and waits until the hub has everything or patience ends.</summary>
    public async Task FinishAsync(TimeSpan patience)
    {
        await _finishing.CancelAsync();
        await _talking;
        await _link.FlushAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _finishing.CancelAsync();
        await _talking;
        await _link.DisposeAsync();
        await _outbox.DisposeAsync();
        _finishing.Dispose();
    }

    /// <summary>The numbers of its messages as the hub shows them, in the order of the chat.</summary>
    public async Task<IReadOnlyList<long>> StoredAsync(HubProcess hub, CancellationToken cancellationToken)
    {
        var (numbers, place) = (new List<long>(), "");
        while (true)
        {
            var page = JsonElement.Parse(await hub.Http.GetByteArrayAsync($"/api/sessions/{Id}/messages?limit=200{place}", cancellationToken));
            numbers.InsertRange(0, page.GetProperty("messages").EnumerateArray().Select(m => Facts.NumberIn(Encoding.UTF8.GetBytes(m.GetRawText()))).OfType<long>());
            var info = page.GetProperty("page");
            if (!info.GetProperty("hasMore").GetBoolean())
            {
                return numbers;
            }

            place = $"&beforeAt={info.GetProperty("nextBeforeAt").GetInt64()}&beforeSeq={info.GetProperty("nextBeforeSeq").GetInt64()}";
        }
    }

    public Task OnCommandAsync(Command command, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<RawJson?> OnCallAsync(string name, RawJson args, CancellationToken cancellationToken) => Task.FromResult<RawJson?>(null);

    private async Task TalkAsync()
    {
        using var pace = new PeriodicTimer(s_pace);
        while (!_finishing.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            await _outbox.AppendAsync(Facts.Message(Said), CancellationToken.None);
            Interlocked.Increment(ref _said);
        }
    }
}
