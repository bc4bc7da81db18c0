namespace Hapi.Processes;

/// <summary>Where programs lie.</summary>
public static class Executables
{
    /// <summary>Gives the absolute path of a program, looked up in <paramref name="path"/> (a PATH) when it has no directory; otherwise <see langword="null"/>.</summary>
    public static string? Find(string program, string? path)
    {
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return IsRunnable(program) ? Path.GetFullPath(program) : null;
        }

        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat", ""] : [""];
        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => endings, (directory, ending) => Path.Combine(directory, program + ending))
            .FirstOrDefault(IsRunnable);
    }

    public static bool IsRunnable(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & AnyExecute) != UnixFileMode.None;
    }
}
