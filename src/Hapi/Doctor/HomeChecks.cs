using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Hapi.Commands;
using Hapi.Hub;
using Hapi.Settings;

namespace Hapi.Doctor;

/// <summary>What is installed, and the files of this home: who can read them, what the settings say, how much room there is.</summary>
internal sealed class HomeChecks(HapiHome home)
{
    private const long Megabyte = 1 << 20, LittleRoom = 1024 * Megabyte, NoRoom = 100 * Megabyte;
    private const int ShownLogs = 10;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private static readonly string[] s_secretWords = ["token", "secret", "password", "headers", "key"];
    private static readonly string[] s_privateFolders = ["run", "outbox", "sessions"];

    public static IEnumerable<Finding> Installation()
    {
        yield return Finding.Ok("version", $"Hapi {HapiVersion.Current}", new JsonObject { ["version"] = HapiVersion.Current });
        yield return Finding.Ok("platform", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, .NET {Environment.Version}");
        var executable = SessionLaunch.Executable();
        yield return File.Exists(executable)
            ? Finding.Ok("executable", executable)
            : Finding.Fail("executable", $"{executable} is not there any more.", "Sessions and the runner start it anew: install Hapi again at that place, or start them from the new one.");
    }

    /// <summary>The home's folder and files: only this user may read them.</summary>
    public IEnumerable<Finding> Home()
    {
        if (!Directory.Exists(home.Folder))
        {
            yield return Finding.Ok("home", $"{home.Folder} does not exist yet; the first command makes it.");
            yield break;
        }

        if (OperatingSystem.IsWindows())
        {
            yield return Finding.Ok("home", home.Folder);
            yield break;
        }

        var closed = IsPrivate(home.Folder);
        yield return closed
            ? Finding.Ok("home", $"{home.Folder} (only you can enter it)")
            : Finding.Warn("home", $"{home.Folder} can be entered by others.", $"chmod 700 \"{home.Folder}\"");
        if (File.Exists(home.Settings.Path) && !IsPrivate(home.Settings.Path))
        {
            yield return new Finding(
                "settings-mode", closed ? Verdict.Warn : Verdict.Fail, $"{home.Settings.Path} holds the access token and {(closed ? "is kept from others only by its folder" : "can be read by others")}.",
                $"chmod 600 \"{home.Settings.Path}\"{(closed ? "" : ", and change the token if somebody may have read it")}");
        }

        // Inside a folder that nobody else can enter, a file's own mode says nothing.
        var open = closed ? [] : s_privateFolders.Select(f => Path.Combine(home.Folder, f)).Where(f => Directory.Exists(f) && !IsPrivate(f)).ToList();
        if (open.Count > 0)
        {
            yield return Finding.Warn("folder-modes", $"{string.Join(", ", open)} can be entered by others.", $"chmod -R go= \"{home.Folder}\"");
        }
    }

    public IEnumerable<Finding> Settings()
    {
        JsonObject? settings = null;
        string? fault = null;
        try
        {
            settings = home.Settings.Read();
        }
        catch (Exception ex) when (ex is HubStartException or IOException or UnauthorizedAccessException)
        {
            fault = ex.Message;
        }

        if (settings is null)
        {
            yield return Finding.Fail("settings", fault!, $"It is left as it is. Mend it, or move it away: \"mv {home.Settings.Path} {home.Settings.Path}.old\"; a new one gets a new token.");
            yield break;
        }

        foreach (var name in settings.Select(s => s.Key).Where(IsSecret).ToList())
        {
            settings[name] = "***";
        }

        yield return Finding.Ok("settings", File.Exists(home.Settings.Path) ? $"{home.Settings.Path}: {string.Join(", ", settings.Select(s => $"{s.Key} {s.Value?.ToString()}"))}" : "none yet; everything has its default", settings.DeepClone());
        var held = home.Settings.Path + ".hapi.lock";
        if (Directory.Exists(held) && TimeProvider.System.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(held) > TimeSpan.FromMinutes(1))
        {
            yield return Finding.Warn("settings-lock", $"{held} was left by a process that died.", "The next change of the settings removes it.");
        }
    }

    public IEnumerable<Finding> Disk()
    {
        var folder = home.Folder;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var data = new JsonObject { ["freeBytes"] = free };
        yield return free < NoRoom ? Finding.Fail("disk", $"Only {free / Megabyte} MB are free where {home.Folder} lies.", "Make room: agents wait when nothing can be written.", data)
            : free < LittleRoom ? Finding.Warn("disk", $"{free / Megabyte} MB are free where {home.Folder} lies.", "Make room before it is full: agents wait then.", data)
            : Finding.Ok("disk", $"{free / LittleRoom} GB free", data);
    }

    public IEnumerable<Finding> Logs()
    {
        var folder = new DirectoryInfo(Path.Combine(home.Folder, "logs"));
        var files = folder.Exists ? folder.EnumerateFiles().OrderByDescending(f => f.LastWriteTimeUtc).ToList() : [];
        var bytes = files.Sum(f => f.Length);
        var data = new JsonArray([.. files.Take(ShownLogs).Select(f => (JsonNode)f.FullName)]);
        yield return files.Count == 0 ? Finding.Ok("logs", "none yet", data)
            : bytes > LittleRoom ? Finding.Warn("logs", $"{files.Count} log files, {bytes / Megabyte} MB, in {folder.FullName}", "Delete what you do not need.", data)
            : Finding.Ok("logs", $"{files.Count} in {folder.FullName}; the newest is {files[0].Name}", data);
    }

    private static bool IsSecret(string name) => s_secretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None;
}
