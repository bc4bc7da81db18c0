using System.Runtime.CompilerServices;

namespace Hapi.TestKit;

/// <summary>
/// Compares text with a file in the folder <c>Golden</c> beside the test. Run with <c>HAPI_GOLDEN=write</c> to accept, then read the difference in git.
/// </summary>
public static class Golden
{
    /// <param name="name">Distinguishes several files of one test.</param>
    public static void Matches(string actual, string? name = null, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        var parts = file.Replace('\\', '/').Split('/');
        var inTests = Array.LastIndexOf(parts, "tests");
        var suffix = name is null ? "" : $".{name}";
        var path = SourceTree.At([.. parts[inTests..^1], "Golden", $"{Path.GetFileNameWithoutExtension(parts[^1])}.{test}{suffix}.txt"]);
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("HAPI_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        if (!File.Exists(path))
        {
            throw new GoldenMismatchException($"There is no golden file {path}. The text was:\n{actual}");
        }

        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (expected != actual)
        {
            throw new GoldenMismatchException(Difference(path, expected.Split('\n'), actual.Split('\n')));
        }
    }

    private static string Difference(string path, string[] expected, string[] actual)
    {
        var line = Enumerable.Range(0, Math.Min(expected.Length, actual.Length)).FirstOrDefault(i => expected[i] != actual[i], Math.Min(expected.Length, actual.Length));
        return $"{path} differs at line {line + 1}.\nexpected: {expected.ElementAtOrDefault(line) ?? "(end)"}\nactual:   {actual.ElementAtOrDefault(line) ?? "(end)"}\n\nwhole text:\n{string.Join('\n', actual)}";
    }
}
