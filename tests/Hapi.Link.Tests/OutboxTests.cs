using Hapi.Contracts.Link;
using Hapi.TestKit;

namespace Hapi.Link.Tests;

public sealed class OutboxTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder["outbox/session.db"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Facts_are_numbered_in_the_order_they_were_appended()
    {
        await using var outbox = Open();
        var numbers = await Task.WhenAll(Enumerable.Range(1, 500).Select(i => outbox.AppendAsync(Samples.Message($"{i}"), Token)));

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), numbers);
        Assert.Equal(500, outbox.Last);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"{i}"), ReadAll(outbox, outbox.Generation).Select(Samples.TextOf));
    }

    [Fact]
    public async Task Facts_and_notes_are_written_together_or_not_at_all()
    {
        await using var outbox = Open();
        var tooLarge = Samples.Message(new string('x', LinkLimits.MaxFactBytes));

        var refusal = await Assert.ThrowsAsync<OutboxException>(() => outbox.CommitAsync([Samples.Message("small"), tooLarge], [], Token));

        Assert.Equal("fact_too_large", refusal.Code);
        Assert.Equal(1, await outbox.AppendAsync(Samples.Message("next"), Token));
    }

    [Fact]
    public async Task A_read_never_takes_more_bytes_than_a_frame_holds()
    {
        await using var outbox = Open();
        var text = new string('x', 300 * 1024);
        for (var i = 0; i < 3; i++)
        {
            await outbox.AppendAsync(Samples.Message(text), Token);
        }

        Assert.Single(outbox.Read(outbox.Generation, 0, LinkLimits.MaxFactsPerFrame, LinkLimits.MaxFactBytes));
    }

    [Fact]
    public async Task Each_start_takes_the_next_generation_and_finds_what_the_last_one_left()
    {
        long first;
        await using (var outbox = Open())
        {
            first = outbox.Generation;
            await outbox.AppendAsync(Samples.Message("left"), Token);
        }

        await using var next = Open();
        Assert.Equal(first + 1, next.Generation);
        Assert.Equal(0, next.Last);
        Assert.Equal([first], next.OlderGenerations());
        Assert.Equal(["left"], ReadAll(next, first).Select(Samples.TextOf));
    }

    [Fact]
    public async Task A_file_that_was_lost_is_followed_by_a_later_generation()
    {
        var time = new ManualTime();
        long lost;
        await using (var outbox = Outbox.Open(FilePath, time))
        {
            lost = outbox.Generation;
        }

        Directory.Delete(Path.GetDirectoryName(FilePath)!, recursive: true);
        time.Advance(TimeSpan.FromSeconds(2));
        await using var fresh = Outbox.Open(FilePath, time);

        Assert.True(fresh.Generation > lost);
    }

    [Fact]
    public async Task What_the_hub_has_is_forgotten()
    {
        await using var outbox = Open();
        for (var i = 1; i <= 10; i++)
        {
            await outbox.AppendAsync(Samples.Message($"{i}"), Token);
        }

        outbox.Trim(outbox.Generation, 7);

        await Eventually.TrueAsync(() => ReadAll(outbox, outbox.Generation).Count == 3, "seven facts are gone", Token);
        Assert.Equal(8, ReadAll(outbox, outbox.Generation)[0].N);
    }

    [Fact]
    public async Task A_command_enters_the_inbox_once_by_its_id_across_restarts()
    {
        await using (var outbox = Open())
        {
            Assert.True(await AcceptAsync(outbox, "c1"));
            Assert.False(await AcceptAsync(outbox, "c1"));
            await outbox.CommitAsync([], [new InboxChange("c1", InboxState.Dispatching)], Token);
            Assert.Equal(2, outbox.Last); // the hub hears of it again each time
        }

        await using var next = Open();
        Assert.False(await AcceptAsync(next, "c1"));
        Assert.True(await AcceptAsync(next, "c2"));
        Assert.Equal([("c1", InboxState.Dispatching), ("c2", InboxState.Accepted)], next.Prompts().Select(p => (p.CommandId, p.State)));
    }

    [Fact]
    public async Task One_process_at_a_time_owns_the_file()
    {
        await using (Open())
        {
            Assert.Equal("outbox_owned", Assert.Throws<OutboxException>(Open).Code);
        }

        await using var next = Open();
    }

    [Fact]
    public void A_place_that_cannot_hold_a_file_is_named()
    {
        File.WriteAllText(_folder["outbox"], "a file, no folder");
        var refusal = Assert.Throws<OutboxException>(Open);

        Assert.Equal("outbox_unavailable", refusal.Code);
        Assert.Contains(FilePath, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_for_this_user_alone()
    {
        await using var outbox = Open();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_outbox_is_set_aside_and_the_next_start_works()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, string.Concat(Enumerable.Repeat("not a database ", 1000)), Token);

        var refusal = Assert.Throws<OutboxException>(Open);

        Assert.Equal("outbox_damaged", refusal.Code);
        var aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(FilePath)!, "*.damaged-*"));
        Assert.Contains(aside, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("not a database", await File.ReadAllTextAsync(aside, Token), StringComparison.Ordinal);
        await using var next = Open();
        Assert.Equal(1, await next.AppendAsync(Samples.Message("goes on"), Token));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public async Task A_file_that_was_cut_short_is_set_aside_with_its_log(int part)
    {
        await using (var outbox = Open())
        {
            for (var i = 0; i < 50; i++)
            {
                await outbox.AppendAsync(Samples.Message(new string('x', 8000)), Token);
            }
        }

        await using (var file = File.OpenWrite(FilePath))
        {
            file.SetLength(file.Length / part);
        }

        await File.WriteAllTextAsync(FilePath + "-wal", "what a process that died may leave", Token);

        Assert.Equal("outbox_damaged", Assert.Throws<OutboxException>(Open).Code);
        Assert.False(File.Exists(FilePath));
        await using var next = Open();
        Assert.Empty(next.OlderGenerations());
    }

    [Fact]
    public async Task A_full_disk_makes_callers_wait_says_why_and_drops_nothing()
    {
        var time = new ManualTime();
        var faults = new List<string?>();
        await using var outbox = Outbox.Open(FilePath, time, maxBytes: 256 * 1024);
        outbox.FaultChanged += () => faults.Add(outbox.Fault?.Code);
        var appends = Enumerable.Range(1, 60).Select(i => outbox.AppendAsync(Samples.Message($"{i} {new string('x', 10_000)}"), Token)).ToList();
        await Eventually.TrueAsync(() => outbox.Fault?.Code is "disk_full", "the disk is full", Token);
        Assert.Contains(appends, a => !a.IsCompleted);

        // The hub takes what there is, and that makes room.
        var taken = new List<string>();
        await Eventually.TrueAsync(() =>
        {
            foreach (var fact in outbox.Read(outbox.Generation, taken.Count, 64, LinkLimits.MaxFactBytes))
            {
                taken.Add(Samples.TextOf(fact).Split(' ')[0]);
            }

            outbox.Trim(outbox.Generation, taken.Count);
            time.Advance(TimeSpan.FromSeconds(1));
            return taken.Count == 60;
        }, "everything has gone through", Token);

        Assert.Equal(Enumerable.Range(1, 60).Select(i => $"{i}"), taken);
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), await Task.WhenAll(appends));
        await Eventually.TrueAsync(() => outbox.Fault is null, "the fault is over", Token);
        Assert.Equal(["disk_full", null], faults.Take(2));
    }

    [Fact]
    public async Task A_full_disk_does_not_hold_the_exit()
    {
        var outbox = Outbox.Open(FilePath, new ManualTime(), maxBytes: 64 * 1024);
        var append = outbox.AppendAsync(Samples.Message(new string('x', 200_000)), Token);
        await Eventually.TrueAsync(() => outbox.Fault is not null, "the disk is full", Token);

        await outbox.DisposeAsync();

        Assert.Equal("disk_full", (await Assert.ThrowsAsync<OutboxException>(() => append)).Code);
    }

    private static Task<bool> AcceptAsync(Outbox outbox, string id) => outbox.AcceptAsync(Samples.Prompt(id, "hi"), "local-" + id, new CommandAccepted(1, id), Token);

    private static List<OutboxFact> ReadAll(Outbox outbox, long generation) => outbox.Read(generation, 0, int.MaxValue, int.MaxValue);

    private Outbox Open() => Outbox.Open(FilePath, TimeProvider.System);
}
