namespace Hapi.Workspace.Paths;

/// <summary>
/// The folders of this machine that sessions may be started in and that others may look through. None means that nothing is restricted.
/// Every path is resolved through its links before it is compared, as far as it exists.
/// </summary>
public sealed class WorkspaceRoots
{
    private static readonly StringComparison s_comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <param name="roots">Absolute paths.</param>
    public WorkspaceRoots(IReadOnlyList<string> roots) => All = [.. roots.Select(r => Real(r) ?? Path.GetFullPath(r)).Distinct(StringComparer.Ordinal)];

    /// <summary>Where they really are.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Gives the absolute path that a person means; <c>~</c> is their home. <see langword="null"/> for what is no absolute path.</summary>
    public static string? Absolute(string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var whole = path is "~" ? home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..]) : path;
        return Path.IsPathFullyQualified(whole) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(whole)) : null;
    }

    /// <summary>Whether the place is one of them or below one, wherever its links lead. What does not exist yet is judged by where it would be.</summary>
    public bool Allow(string absolute) => All.Count == 0 || (Real(absolute) is { } real && All.Any(root => IsIn(root, real)));

    // A whole segment: a neighbour whose name begins alike is not inside, and a child may be named "..foo".
    internal static bool IsIn(string root, string path) =>
        string.Equals(root, path, s_comparison) || path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, s_comparison);

    /// <summary>Gives <see langword="null"/> when the links lead in a circle.</summary>
    internal static string? Real(string absolute)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(RealPath.Of(Path.GetFullPath(absolute)));
        }
        catch (Exception ex) when (ex is WorkspaceException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
