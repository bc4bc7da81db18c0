namespace Hapi.Workspace.Paths;

/// <summary>The folder that may be looked into. Every path is resolved through links before it is checked against it.</summary>
internal sealed class WorkspaceRoot(string root)
{
    private static readonly StringComparison s_comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Gives the real place of a path that is relative to the root or absolute.</summary>
    /// <param name="followLast">Whether a link at the end is followed too.</param>
    /// <exception cref="WorkspaceException">It is outside, or no path.</exception>
    public string Resolve(string path, bool followLast = true)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new WorkspaceException("This is no path.");
        }

        // Resolved anew each time: the folder itself may be a link that somebody has set elsewhere.
        var top = RealPath.Of(Path.GetFullPath(root));
        var real = RealPath.Of(Path.GetFullPath(path, Path.GetFullPath(root)), followLast);
        var below = top.EndsWith(Path.DirectorySeparatorChar) ? top : top + Path.DirectorySeparatorChar;
        return string.Equals(real, top, s_comparison) || real.StartsWith(below, s_comparison)
            ? real
            : throw new WorkspaceException("This path is outside the session's folder.");
    }
}
