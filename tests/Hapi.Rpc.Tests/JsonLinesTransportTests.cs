using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Hapi.Rpc.Tests;

public sealed class JsonLinesTransportTests
{
    private static readonly string[] s_messages = ["{\"a\":1}", "{\"b\":\"é😀\"}", "[]", new string('x', 40_000), "{}"];

    [Fact]
    public void Any_chunking_gives_the_same_messages() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt[]>(), sizes =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', s_messages));
            var read = ReadAll(new ChunkedStream(bytes, [.. sizes.Select(s => s.Get)])).GetAwaiter().GetResult();
            return read.SequenceEqual(s_messages);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_messages_in_any_chunks_are_the_same_messages() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<string>>(), ArbMap.Default.ArbFor<PositiveInt[]>(), (texts, sizes) =>
        {
            var messages = texts.Get.Select(t => System.Text.Json.Nodes.JsonValue.Create(t ?? "").ToJsonString()).ToList();
            var bytes = Encoding.UTF8.GetBytes(string.Concat(messages.Select(m => m + "\n")));
            return ReadAll(new ChunkedStream(bytes, [.. sizes.Select(s => s.Get)])).GetAwaiter().GetResult().SequenceEqual(messages);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_line_over_the_limit_is_skipped_and_reported_and_the_next_one_arrives()
    {
        var reports = 0;
        var input = new FloodStream(100 << 20);
        await using var transport = new JsonLinesTransport(input, Stream.Null, maxLineBytes: 1 << 20, () => reports++);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var next = await transport.ReceiveAsync(TestContext.Current.CancellationToken);

        Assert.Equal("{\"after\":true}", Encoding.UTF8.GetString(next!.Value.Span));
        Assert.Equal(1, reports);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 20 << 20, "A line that is skipped must not be held.");
        Assert.Null(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_long_line_in_small_pieces_is_searched_once()
    {
        // Searching from the start with every piece would look at a thousand times as many bytes.
        const int Length = 48 << 20;
        await using var transport = new JsonLinesTransport(new FloodStream(Length), Stream.Null);
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(Length, (await transport.ReceiveAsync(TestContext.Current.CancellationToken))!.Value.Length);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(3), $"It took {TimeProvider.System.GetElapsedTime(begun)}.");
        Assert.NotNull(await transport.ReceiveAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Any_messages_come_through_whole_whoever_sends_at_the_same_time()
    {
        var (left, right) = (new Pipe(), new Pipe());
        await using var one = new JsonLinesTransport(left.Reader.AsStream(), right.Writer.AsStream());
        await using var two = new JsonLinesTransport(right.Reader.AsStream(), left.Writer.AsStream());
        var sent = Enumerable.Range(0, 300).Select(i => $"[{i},\"{new string('é', i * 37 % 5000)}\"]").ToList();

        var sending = Task.WhenAll(sent.Select(m => Task.Run(() => one.SendAsync(Encoding.UTF8.GetBytes(m), TestContext.Current.CancellationToken).AsTask())));
        var got = new List<string>();
        while (got.Count < sent.Count && await two.ReceiveAsync(TestContext.Current.CancellationToken) is { } message)
        {
            got.Add(Encoding.UTF8.GetString(message.Span));
        }

        await sending;
        Assert.Equal(sent.Order(), got.Order());
    }

    [Fact]
    public async Task A_line_over_a_tiny_limit_is_reported_once()
    {
        var reports = 0;
        await using var transport = new JsonLinesTransport(new ChunkedStream("aaaaaaaaaaaaaaaaaaaaaaaa\n{}\n"u8.ToArray(), [5]), Stream.Null, maxLineBytes: 3, () => reports++);

        Assert.Equal("{}", Encoding.UTF8.GetString((await transport.ReceiveAsync(TestContext.Current.CancellationToken))!.Value.Span));
        Assert.Equal(1, reports);
    }

    [Fact]
    public async Task Empty_lines_and_carriage_returns_are_no_messages() =>
        Assert.Equal(["{}", "[1]"], await ReadAll(new MemoryStream("\r\n\n{}\r\n\n[1]"u8.ToArray())));

    [Theory]
    [InlineData("""["half \ud83d of it"]""", """["half \ufffd of it"]""")]
    [InlineData("""["\uDE00\uD83D"]""", """["\ufffd\ufffd"]""")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""")]
    [InlineData("""["\ud83d\u0041"]""", """["\ufffd\u0041"]""")]
    [InlineData("""{"\ud83d":"\\\udead"}""", """{"\ufffd":"\\\ufffd"}""")]
    [InlineData("""["\ud83d\ude00 whole","\\ud83d no escape","\u00e9"]""", """["\ud83d\ude00 whole","\\ud83d no escape","\u00e9"]""")]
    [InlineData("""["cut \ud83""", """["cut \ud83""")]
    public async Task Half_a_surrogate_pair_becomes_a_replacement_character(string sent, string read)
    {
        Assert.Equal([read, "{}"], await ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(sent + "\n{}\n"))));
        Assert.Equal([read], await ReadAll(new ChunkedStream(Encoding.UTF8.GetBytes(sent), [3])));
    }

    private static async Task<List<string>> ReadAll(Stream input)
    {
        await using var transport = new JsonLinesTransport(input, Stream.Null);
        var all = new List<string>();
        while (await transport.ReceiveAsync(TestContext.Current.CancellationToken) is { } message)
        {
            all.Add(Encoding.UTF8.GetString(message.Span));
        }

        return all;
    }
}
