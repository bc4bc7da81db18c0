using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Files;

/// <summary>Reads files and folders below the root.</summary>
internal sealed class FileCalls(WorkspaceRoot root)
{
    /// <summary>What fits into one frame of the link in base64, with its envelope.</summary>
    public const int MaxFileBytes = 700 * 1024;

    public const int MaxPaths = 500;

    /// <summary>So that the answer fits into one frame of the link even when names are long.</summary>
    public const int MaxEntries = 4000;

    public async Task<FileAnswer> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var real = root.Resolve(path);
        if (Directory.Exists(real))
        {
            throw new WorkspaceException("This is a folder.");
        }

        await using var file = RegularFile.Open(real);
        if (file.Length > MaxFileBytes)
        {
            throw new WorkspaceException($"The file is too large to show: {file.Length} bytes, at most {MaxFileBytes}.");
        }

        // It may grow while it is read; what is more than the limit is the next reader's.
        var content = new byte[MaxFileBytes];
        var length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return new(true, Convert.ToBase64String(content, 0, length), length, Milliseconds(File.GetLastWriteTimeUtc(file.SafeFileHandle)));
    }

    public DirectoryAnswer List(string path)
    {
        var entries = new DirectoryInfo(root.Resolve(path)).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true })
            .Select(Item).Take(MaxEntries + 1).ToList();
        var sorted = entries.OrderBy(e => e.Type is not "directory").ThenBy(e => e.Name, StringComparer.OrdinalIgnoreCase).ThenBy(e => e.Name, StringComparer.Ordinal);
        return new(true, [.. sorted.Take(MaxEntries)], entries.Count > MaxEntries ? true : null);
    }

    public StatAnswer Stat(IReadOnlyList<string> paths)
    {
        if (paths.Count > MaxPaths)
        {
            throw new WorkspaceException($"At most {MaxPaths} paths can be asked for at once.");
        }

        var places = paths.Select(p => (Asked: p, Real: root.Resolve(p))).ToList();
        return new(true, [.. places.Select(p => new FileInfo(p.Real) is { Exists: true } file ? new StatItem(p.Asked, file.Length, Milliseconds(file.LastWriteTimeUtc)) : new StatItem(p.Asked))]);
    }

    private static DirectoryItem Item(FileSystemInfo entry) => entry switch
    {
        { LinkTarget: not null } => new(entry.Name, "other"),
        DirectoryInfo => new(entry.Name, "directory", Modified: Milliseconds(entry.LastWriteTimeUtc)),
        FileInfo file when RegularFile.Is(file.FullName) => new(entry.Name, "file", file.Length, Milliseconds(entry.LastWriteTimeUtc)),
        _ => new(entry.Name, "other", Modified: Milliseconds(entry.LastWriteTimeUtc)),
    };

    private static long Milliseconds(DateTime utc) => new DateTimeOffset(utc).ToUnixTimeMilliseconds();
}
