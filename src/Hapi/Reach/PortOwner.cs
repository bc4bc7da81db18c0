using System.Globalization;

namespace Hapi.Reach;

/// <summary>Who listens on a port of this machine. Linux tells; elsewhere, and for other users' processes, nobody is named.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";
    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Gives <c>name (pid n)</c>, or <see langword="null"/>.</summary>
    public static string? Of(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var inodes = s_tables.Where(File.Exists).SelectMany(File.ReadLines).Select(l => Inode(l, port)).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return inodes.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(p => Holder(p, inodes)).FirstOrDefault(h => h is not null);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // proc_net_tcp(5): "sl local_address rem_address st … inode", addresses as HEX:PORT.
    private static string? Inode(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(':' + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal) ? $"socket:[{fields[9]}]" : null;
    }

    private static string? Holder(string process, HashSet<string> inodes)
    {
        var pid = Path.GetFileName(process);
        if (!pid.All(char.IsAsciiDigit))
        {
            return null;
        }

        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget is { } target && inodes.Contains(target))
                ? $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {pid})"
                : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
