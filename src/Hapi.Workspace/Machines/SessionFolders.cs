using Hapi.Workspace.Paths;

namespace Hapi.Workspace.Machines;

/// <summary>Finds the folder a session is to be started in, or makes it. It never says more of what is outside the roots than that it is outside.</summary>
public sealed class SessionFolders(WorkspaceRoots roots)
{
    private const int DiskFull = 28, ReadOnly = 30; // ENOSPC, EROFS on every Unix

    /// <param name="path">Absolute, or beginning with <c>~/</c>.</param>
    /// <param name="mayCreate">A folder that is missing is made, with its parents.</param>
    public PreparedFolder Prepare(string? path, bool mayCreate)
    {
        if (WorkspaceRoots.Absolute(path) is not { } absolute)
        {
            return Refused(string.IsNullOrWhiteSpace(path) ? "Directory is required." : "The directory must be an absolute path, or begin with ~/.");
        }

        if (!roots.Allow(absolute))
        {
            return new(null, Outside: true, Problem: $"{absolute} is outside this runner's workspace roots ({string.Join(", ", roots.All)}).");
        }

        // Looked at as it is written first: a link that leads nowhere is told as that, not as something missing.
        var info = new FileInfo(absolute);
        if (info.LinkTarget is { } target)
        {
            return WorkspaceRoots.Real(absolute) is { } real && Directory.Exists(real) ? Found(real)
                : Refused($"{absolute} is a link to {target}, which is no folder. Make that folder, point the link elsewhere, or choose another folder.");
        }

        return Directory.Exists(absolute) ? Found(absolute)
            : info.Exists ? Refused($"{absolute} is a file, not a folder.")
            : mayCreate ? Make(absolute)
            : FileInTheWay(absolute) is { } file ? Refused($"{absolute} cannot be made: {file} is a file.")
            : new(null, Missing: true, Problem: $"{absolute} does not exist.");
    }

    private PreparedFolder Make(string absolute)
    {
        try
        {
            Directory.CreateDirectory(absolute);
        }
        catch (UnauthorizedAccessException)
        {
            return Refused($"{absolute} cannot be made: Hapi may not write there. Change the folder's permissions or choose another.");
        }
        catch (IOException ex)
        {
            return Refused($"{absolute} cannot be made: {Why(absolute, ex)}");
        }

        return Found(absolute);
    }

    // Judged once more where it really is: what was not there a moment ago may be a link by now.
    private PreparedFolder Found(string folder) => WorkspaceRoots.Real(folder) is { } real && roots.Allow(real)
        ? new(real)
        : new(null, Outside: true, Problem: $"{folder} is outside this runner's workspace roots.");

    private static string Why(string absolute, IOException ex) => (ex.HResult & 0xFFFF) switch
    {
        DiskFull => "the disk is full.",
        ReadOnly => "the file system is read-only.",
        _ => FileInTheWay(absolute) is { } file ? $"{file} is a file." : ex.Message,
    };

    private static string? FileInTheWay(string absolute)
    {
        for (var place = absolute; place is not null; place = Path.GetDirectoryName(place))
        {
            if (File.Exists(place))
            {
                return place;
            }
        }

        return null;
    }

    private static PreparedFolder Refused(string problem) => new(null, Problem: problem);
}
