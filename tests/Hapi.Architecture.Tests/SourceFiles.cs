using Hapi.TestKit;

namespace Hapi.Architecture.Tests;

/// <summary>The files of the tree that people write. What a build, a package manager or git makes is left out.</summary>
internal static class SourceFiles
{
    private static readonly HashSet<string> s_made = ["artifacts", "bin", "obj", "node_modules", ".git", "dist", "test-results", "playwright-report"];
    private static readonly HashSet<string> s_binary = [".png", ".ico", ".woff2", ".jpg", ".webp", ".gz", ".br"];

    public static IReadOnlyList<SourceFile> All { get; } = [.. Read(new DirectoryInfo(SourceTree.Root))];

    public static IEnumerable<SourceFile> CSharp => All.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> TypeScript => All.Where(f => f.Path.EndsWith(".ts", StringComparison.Ordinal) || f.Path.EndsWith(".tsx", StringComparison.Ordinal))
        .Where(f => !f.Path.EndsWith(".gen.ts", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Read(DirectoryInfo folder)
    {
        foreach (var inner in folder.EnumerateDirectories().Where(d => !s_made.Contains(d.Name) && d.LinkTarget is null))
        {
            foreach (var file in Read(inner))
            {
                yield return file;
            }
        }

        foreach (var file in folder.EnumerateFiles().Where(f => f.LinkTarget is null && f.Name is not ".git" && !s_binary.Contains(f.Extension)))
        {
            yield return new(Path.GetRelativePath(SourceTree.Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));
        }
    }
}

/// <param name="Path">From the root of the tree, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<string> Lines => Text.Split('\n');

    public int LineCount => Text.TrimEnd('\n').Count(c => c == '\n') + 1;
}
