using Hapi.Contracts.Machines;
using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Machines;

/// <summary>What a person may see of this machine's folders before there is a session: the folders below the workspace roots.</summary>
public sealed class MachineFolders(WorkspaceRoots roots)
{
    private const int MaxPaths = 1000;
    private const int MaxEntries = 4000; // what fits into one frame of the link, even when names are long
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    public ListDirectoryResult List(ListDirectoryRequest request)
    {
        if (roots.All.Count == 0)
        {
            return Refused("This runner has no workspace roots, so it shows no folders. Start it with --workspace-root.");
        }

        if (WorkspaceRoots.Absolute(request.Path) is not { } path)
        {
            return Refused("The path must be absolute, or begin with ~/.");
        }

        if (!roots.Allow(path) || WorkspaceRoots.Real(path) is not { } real)
        {
            return Refused("This path is outside the workspace roots.");
        }

        try
        {
            var entries = new DirectoryInfo(real).EnumerateFileSystemInfos("*", s_all)
                .Where(e => request.IncludeHidden is true || !e.Name.StartsWith('.')).Take(MaxEntries).Select(Entry);
            return new(true, [.. entries.OrderBy(e => e.Type is not "directory").ThenBy(e => e.Name, StringComparer.OrdinalIgnoreCase).ThenBy(e => e.Name, StringComparer.Ordinal)]);
        }
        catch (UnauthorizedAccessException)
        {
            return Refused("Hapi may not read this folder.");
        }
        catch (IOException)
        {
            return Refused("There is no such folder.");
        }
    }

    /// <summary>Whether each is a folder. Not restricted to the roots.</summary>
    /// <exception cref="ArgumentException">Too many.</exception>
    public static PathExistsResult Exist(PathExistsRequest request) => request.Paths.Count <= MaxPaths
        ? new(request.Paths.Distinct(StringComparer.Ordinal).ToDictionary(p => p, p => WorkspaceRoots.Absolute(p) is { } path && Directory.Exists(path)))
        : throw new ArgumentException($"At most {MaxPaths} paths can be asked for at once.", nameof(request));

    // A link counts as what it leads to, as long as that is inside.
    private MachineEntry Entry(FileSystemInfo entry)
    {
        var folder = entry is DirectoryInfo || (entry.LinkTarget is not null && Directory.Exists(entry.FullName));
        if (entry.LinkTarget is not null && !(folder && roots.Allow(entry.FullName)))
        {
            return new(entry.Name, "other");
        }

        var modified = new DateTimeOffset(entry.LastWriteTimeUtc).ToUnixTimeMilliseconds();
        return folder ? new(entry.Name, "directory", Modified: modified, IsGitRepo: Path.Exists(Path.Combine(entry.FullName, ".git")))
            : entry is FileInfo file && Files.RegularFile.Is(file.FullName) ? new(entry.Name, "file", file.Length, modified)
            : new(entry.Name, "other", Modified: modified);
    }

    private static ListDirectoryResult Refused(string error) => new(false, Error: error);
}
