using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Hapi.Bench.Rows;

/// <summary>The JavaScript a phone loads before it shows the list, and what a chat adds: what each page imports statically.</summary>
internal sealed partial class ScriptRow : IRow
{
    public string Name => "script";

    public string What => "JavaScript before the session list shows; more for the chat; gzip (brotli)";

    public string Goal => "≤ 110 KB; ≤ 130 KB";

    public Task<string> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        var assets = Path.Combine(stage.Web, "assets");
        string Chunk(string page) => Directory.EnumerateFiles(assets, page + "-*.js").Select(f => Path.GetFileName(f)).Single();
        var entry = Entry().Match(File.ReadAllText(Path.Combine(stage.Web, "index.html"))).Groups["file"].Value;
        var list = Closure(assets, [entry, Chunk("SignedIn"), Chunk("SessionsPage")]);
        var chat = Closure(assets, [Chunk("ThreadPage")]).Except(list);
        return Task.FromResult($"{Size(assets, list)}; {Size(assets, chat)}");
    }

    private static HashSet<string> Closure(string assets, IEnumerable<string> start)
    {
        var (reached, open) = (new HashSet<string>(), new Queue<string>(start));
        while (open.TryDequeue(out var file))
        {
            if (reached.Add(file))
            {
                foreach (Match import in Import().Matches(File.ReadAllText(Path.Combine(assets, file))))
                {
                    open.Enqueue(import.Groups["file"].Value);
                }
            }
        }

        return reached;
    }

    private static string Size(string assets, IEnumerable<string> files)
    {
        var (gzip, brotli) = (0.0, 0.0);
        foreach (var file in files)
        {
            using var bytes = new MemoryStream();
            using (var stream = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                stream.Write(File.ReadAllBytes(Path.Combine(assets, file)));
            }

            gzip += bytes.Length / 1024.0;
            brotli += new FileInfo(Path.Combine(assets, file + ".br")).Length / 1024.0;
        }

        return $"{gzip:N0} KB ({brotli:N0})";
    }

    [GeneratedRegex("""<script[^>]*src="/assets/(?<file>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Entry();

    // A dynamic import has brackets and loads later.
    [GeneratedRegex("""(from|import)\s*["'`]\./(?<file>[^"'`]+\.js)["'`]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Import();
}
