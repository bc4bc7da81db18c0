using System.IO.Compression;
using System.Text.Json;
using Hapi.Bench.Clients;

namespace Hapi.Bench.Rows;

/// <summary>Pages of fifty of a long conversation: the newest, and one from its middle.</summary>
internal sealed class PagesRow : IRow
{
    private const int Messages = 20_000, Times = 300, Depth = 200;

    public string Name => "pages";

    public string What => "first page of 50 of 20,000, gzip, p50; a page from the middle";

    public string Goal => "≤ 1 ms; ≤ 1 ms";

    public async Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var hub = await stage.StartHubAsync(cancellationToken);
        await using var session = await LinkSession.OpenAsync(hub, cancellationToken);
        await session.PourAsync(session.Prepare(Messages), cancellationToken);
        var path = $"/api/sessions/{session.Id}/messages?limit=50";
        using var newest = await HttpWire.ConnectAsync(hub, path, cancellationToken);
        var before = path;
        for (var page = 0; page < Depth; page++)
        {
            using var wire = await HttpWire.ConnectAsync(hub, before, cancellationToken);
            var info = Read(await wire.AskAsync()).GetProperty("page");
            before = $"{path}&beforeAt={info.GetProperty("nextBeforeAt").GetInt64()}&beforeSeq={info.GetProperty("nextBeforeSeq").GetInt64()}";
        }

        using var deep = await HttpWire.ConnectAsync(hub, before, cancellationToken);
        await Timings.OfAsync(Times, newest.AskAsync);
        return $"{(await Timings.OfAsync(Times, newest.AskAsync)).P50:N2} ms; {(await Timings.OfAsync(Times, deep.AskAsync)).P50:N2} ms";
    }

    private static JsonElement Read(ReadOnlyMemory<byte> body)
    {
        using var gzip = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return JsonElement.Parse(plain.GetBuffer().AsSpan(0, (int)plain.Length));
    }
}
