using Hapi.Contracts.Link;
using Hapi.Link;
using Hapi.Session.Records;
using Hapi.Session.Turns;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Turns;

public sealed class ConversationIdTests : IAsyncLifetime
{
    private readonly TempFolder _home = new();
    private readonly SessionFiles _files = new();
    private readonly HeardLines _lines = new();
    private readonly List<TimeSpan> _flushes = [];
    private readonly TaskCompletionSource<bool> _flushed = new();
    private LinkState _link = LinkState.Connected;
    private RecordKeeper _record = null!;
    private ConversationId _id = null!;

    public ValueTask InitializeAsync()
    {
        _record = new RecordKeeper(new SessionRecords(_home.Path), new SessionRecord(Guid.NewGuid().ToString(), "acp", "/"));
        _id = new ConversationId(_files.Log, _record, "acpSessionId", () => _link, within =>
        {
            _flushes.Add(within);
            return _flushed.Task;
        }, _lines);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task It_is_on_disk_and_on_its_way_before_anybody_waits_for_the_hub()
    {
        await _id.SetAsync("native-1");
        Assert.Equal("native-1", new SessionRecords(_home.Path).Find(_record.Current.SessionId)!.NativeSessionId);
        Assert.Equal("native-1", Assert.Single(_files.Facts()).GetProperty("set").GetProperty("acpSessionId").GetString());
        Assert.Equal(FactKinds.MetadataPatch, Assert.Single(_files.Kinds()));
        Assert.Empty(_flushes);
    }

    [Fact]
    public async Task The_hub_has_five_seconds_to_confirm_it()
    {
        await _id.SetAsync("native-1");
        var confirming = _id.ConfirmAsync();
        Assert.False(confirming.IsCompleted);
        Assert.Equal([TimeSpan.FromSeconds(5)], _flushes);
        _flushed.SetResult(true);
        await confirming;
        Assert.Empty(_lines.All);
    }

    [Theory]
    [InlineData(nameof(LinkState.Connecting))]
    [InlineData(nameof(LinkState.Connected))]
    public async Task An_id_that_is_not_confirmed_in_time_is_named_and_nothing_is_held_up(string link)
    {
        _link = Enum.Parse<LinkState>(link);
        _flushed.SetResult(false);
        await _id.SetAsync("native-1");
        await _id.ConfirmAsync();
        Assert.Contains("native-1", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(LinkState.Unreachable))]
    [InlineData(nameof(LinkState.Refused))]
    public async Task Without_a_hub_nobody_waits(string link)
    {
        _link = Enum.Parse<LinkState>(link);
        await _id.SetAsync("native-1");
        await _id.ConfirmAsync();
        Assert.Empty(_flushes);
        Assert.Contains("native-1", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_id_is_waited_for_once()
    {
        _flushed.SetResult(true);
        await _id.ConfirmAsync();
        Assert.Empty(_flushes);
        await _id.SetAsync("native-1");
        await _id.ConfirmAsync();
        await _id.ConfirmAsync();
        Assert.Single(_flushes);
        await _id.SetAsync("native-2");
        await _id.ConfirmAsync();
        Assert.Equal(2, _flushes.Count);
    }
}
