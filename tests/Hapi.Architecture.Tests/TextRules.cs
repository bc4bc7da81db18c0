using System.Text.RegularExpressions;
using Hapi.TestKit;

namespace Hapi.Architecture.Tests;

/// <summary>The table of what must not be written. This page names what it forbids, so it leaves itself out.</summary>
internal static class TextRules
{
    private const string CSharp = @"^(?!tests/Hapi\.Architecture\.Tests/).*\.cs$";
    private const string Product = @"^src/.*\.cs$";
    private const string Tests = @"^tests/(?!Hapi\.Architecture\.Tests/).*\.cs$";
    private const string Code = @"^(?!tests/Hapi\.Architecture\.Tests/).*\.(cs|ts|tsx|mjs|js|css)$";
    private const string Anything = @"^(?!tests/Hapi\.Architecture\.Tests/)";

    private static readonly string[] s_shared = ["/", "/tmp", "/root", "/home", "/Users", "/mnt", "/srv", "/opt"];

    public static IReadOnlyList<TextRule> All { get; } =
    [
        new("An async method gives a task back: the fault of one that does not ends the process", @"\basync\s+void\b", CSharp, "    private async void Send()"),
        new("A region hides what should be a type of its own", @"^\s*#region", CSharp, "#region Sending"),
        new("A warning is mended, not silenced", @"#pragma\s+warning\s+disable|SuppressMessage\(", CSharp, "#pragma warning disable CA2000"),
        new("Nothing is left to do later", @"\b(TODO|FIXME|HACK|XXX)\b", Code, "// TODO: reconnect"),
        new("Nothing is a stub", @"NotImplementedException|throw new NotSupportedException\(\)", Product, "throw new NotImplementedException();"),
        new("A comment is not a banner", @"^\s*(//|/\*)\s*[=\-*#~]{4,}", Code, "// ---- sending ----"),
        new("No test is skipped", @"\bSkip\s*=|\[Ignore|\b(test|it|describe)\.(skip|only|fixme)\(", @"^tests/(?!Hapi\.Architecture\.Tests/).*\.(cs|ts)$|^web/.*\.test\.tsx?$", "[Fact(Skip = \"flaky\")]"),
        new("A test waits for something that happens, not for time to pass", @"Task\.Delay\((?!Timeout)|Thread\.Sleep", @"^tests/.*\.Tests/(?!.*TextRules).*\.cs$", "await Task.Delay(500);"),
        new("What a program reads on stdout is written by the commands alone", @"\bConsole\.(Write|Out)\b|Console\.WriteLine", @"^src/(?!Hapi/|Hapi\.Agents/Demo/).*\.cs$", "Console.WriteLine(\"sent\");"),
        new("JSON is written and read without reflection", @"JsonSerializer\.(Serialize|Deserialize)<[^>(]+>\([^,()]+\)", Product, "JsonSerializer.Deserialize<Fact>(text)"),
        new("Nothing points at a developer's own machine", @"(?<![\w.])(/home/(?!dev\b|user\b|me\b|you\b)\w+/|/Users/(?!me\b|you\b)\w+/|[A-Za-z]:\\Users\\\w+|" + Here + ")", Anything, "cd /home/anna/hapi"),
        new("No package host stands in the tree", @"https?://[^\s""'<>]*(registry\.|/registry|nuget\.org|npmjs\.|artifactory|(?<!funding/github)/npm/|/nuget/)", Anything, "registry=https://registry.npmjs.org/"),
        new("npm packages are pinned", @"""(?!node"")[^""]+"":\s*""(\^|~|\*|>|latest|x\.)", @"(^|/)package\.json$", "    \"react\": \"^19.3.0\""),
        new("NuGet packages are pinned in one place", @"<PackageReference[^>]*\sVersion(Override)?=|<PackageVersion[^>]*Version=""(?!\d+(\.\d+)+(-[\w.]+)?"")", @"\.(csproj|props|targets)$", "<PackageReference Include=\"FsCheck\" Version=\"3.*\" />"),
        new("Children are started by Hapi.Processes alone", @"new ProcessStartInfo|(?<!\w)Process\.Start\(", @"^src/(?!Hapi\.Processes/).*\.cs$", "Process.Start(\"git\");"),
        new("Only the storage knows which database it is", @"using (Microsoft\.Data\.Sqlite|Npgsql)|\b(SqliteConnection|NpgsqlDataSource)\b", @"^src/Hapi\.Hub/(?!Storage/).*\.cs$", "using Npgsql;"),
        new("Tests talk to this machine and to nobody else", @"https?://(?!127\.0\.0\.1|localhost|\[::1\]|[\w.-]*\.(example|test|invalid|localhost|local)\b|[\w.-]*example\.(com|org|net)\b|[\w.-]*json-schema\.org|\{|\$|\*)[a-z][\w-]*\.[\w.-]+", Tests, "await http.GetAsync(\"https://hapi.run/health\");"),
    ];

    // The folder this checkout lies in: who writes here would write that path first. A folder that everybody has says nothing; then it is the checkout itself.
    private static string Here
    {
        get
        {
            var above = Path.GetDirectoryName(SourceTree.Root) ?? "/";
            var home = Path.GetDirectoryName(above) is "/home" or "/Users";
            return Regex.Escape(home || s_shared.Contains(above) ? SourceTree.Root : above) + "/";
        }
    }
}
