namespace Hapi.Workspace.Paths;

/// <summary>Where a path really leads.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40; // as the kernel counts before it calls it a loop

    /// <summary>
    /// Follows every link on the way. What does not exist stays as it is written: below it there can be no link.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="followLast">Whether a link at the end is followed too.</param>
    /// <exception cref="WorkspaceException">The links lead in a circle.</exception>
    public static string Of(string path, bool followLast = true)
    {
        var links = 0;
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Parts(path[real.Length..]).Reverse());
        while (rest.TryPop(out var part))
        {
            if (part is "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if ((!followLast && rest.Count == 0) || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new WorkspaceException("The links of this path lead in a circle.");
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target)!;
                target = target[real.Length..];
            }

            foreach (var step in Parts(target).Reverse())
            {
                rest.Push(step);
            }
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(p => p is not ".");
}
