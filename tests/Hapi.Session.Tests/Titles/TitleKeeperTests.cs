using Hapi.Session.Records;
using Hapi.Session.Titles;
using Hapi.TestKit;

namespace Hapi.Session.Tests.Titles;

public sealed class TitleKeeperTests : IAsyncLifetime
{
    private readonly SessionFiles _files = new();
    private readonly TempFolder _home = new();
    private TitleKeeper _titles = null!;

    public ValueTask InitializeAsync()
    {
        var records = new SessionRecords(_home.Path);
        var id = "0198a7d2-0000-7000-8000-000000000001";
        _titles = new TitleKeeper(_files.Log, new RecordKeeper(records, records.Find(id) ?? new SessionRecord(id, "demo", "/tmp")));
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_guess_is_used_only_while_there_is_no_title()
    {
        await _titles.OfferAsync("  the   first\nprompt ", fallback: true);
        await _titles.OfferAsync("another", fallback: true);
        Assert.Equal(["the first prompt"], Summaries());
    }

    [Fact]
    public async Task A_title_of_the_agent_replaces_a_guess_and_is_a_row_of_the_chat()
    {
        await _titles.OfferAsync("guess", fallback: true);
        await _titles.OfferAsync("Mend the shed", fallback: false);
        Assert.Equal(["guess", "Mend the shed"], Summaries());
        Assert.Contains("message", _files.Kinds());
    }

    [Fact]
    public async Task A_later_start_does_not_guess_again()
    {
        await _titles.OfferAsync("guess", fallback: true);
        await InitializeAsync();
        await _titles.OfferAsync("another", fallback: true);
        Assert.Equal(["guess"], Summaries());
    }

    [Theory]
    [InlineData("Untitled")]
    [InlineData("New session - 2026-01-01T00:00:00Z")]
    [InlineData("   ")]
    public async Task What_agents_call_a_nameless_conversation_is_no_title(string title)
    {
        await _titles.OfferAsync(title, fallback: false);
        Assert.Empty(_files.Facts());
    }

    [Fact]
    public void A_long_title_is_cut_and_says_so()
    {
        var title = TitleKeeper.Short(new string('x', 200));
        Assert.Equal(80, title.Length);
        Assert.EndsWith("…", title, StringComparison.Ordinal);
    }

    private List<string?> Summaries() =>
        [.. _files.Facts().Where(f => f.GetProperty("kind").GetString() is "metadata.patch").Select(f => f.GetProperty("set").GetProperty("summary").GetProperty("text").GetString())];
}
