using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hapi.Hub.Settings;

/// <summary>
/// <c>settings.json</c>, shared by every Hapi process of a home. Members we do not know are kept. A file that cannot be read is never overwritten.
/// </summary>
public sealed class SettingsFile(string home, TimeProvider time)
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LockAttempts = 50;
    private static readonly TimeSpan s_lockRetry = TimeSpan.FromMilliseconds(100), s_lockStale = TimeSpan.FromSeconds(30);
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    public string Path { get; } = System.IO.Path.Combine(home, "settings.json");

    /// <exception cref="HubStartException"><c>settings_damaged</c>.</exception>
    public JsonObject Read()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(Path)) as JsonObject ?? throw new JsonException("It is no object.");
        }
        catch (JsonException ex)
        {
            throw new HubStartException("settings_damaged", $"{Path} is not valid JSON. Mend it, or move it away to begin anew.", ex);
        }
    }

    public string? Text(string key) => Read()[key] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    /// <summary>Reads, changes and writes under a lock that every Hapi process respects.</summary>
    public async Task<JsonObject> UpdateAsync(Action<JsonObject> change, CancellationToken cancellationToken)
    {
        PrivateFolder(home);
        var lockFolder = Path + ".hapi.lock";
        await LockAsync(lockFolder, cancellationToken);
        try
        {
            var settings = Read();
            var before = settings.DeepClone();
            change(settings);
            if (!JsonNode.DeepEquals(before, settings))
            {
                Write(settings);
            }
            else if (!OperatingSystem.IsWindows() && File.Exists(Path))
            {
                File.SetUnixFileMode(Path, PrivateFile); // it holds a secret, whoever wrote it
            }

            return settings;
        }
        finally
        {
            Directory.Delete(lockFolder, recursive: true);
        }
    }

    public static void PrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, PrivateFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes a file that only this user can read, all of it or nothing.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private void Write(JsonObject settings)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            settings.WriteTo(writer);
        }

        WritePrivate(Path, buffer.ToArray());
    }

    private static void RemoveStale(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was quicker.
        }
    }

    // A directory is made by exactly one of several; an old one was left by a process that died.
    private async Task LockAsync(string folder, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < LockAttempts; attempt++)
        {
            if (!Directory.Exists(folder))
            {
                var mine = folder + "." + Guid.NewGuid().ToString("N");
                Directory.CreateDirectory(mine);
                // Renaming takes the place of an empty directory, never of one that holds something.
                await File.WriteAllBytesAsync(System.IO.Path.Combine(mine, "owner"), [], cancellationToken);
                try
                {
                    Directory.Move(mine, folder);
                    return;
                }
                catch (IOException)
                {
                    Directory.Delete(mine, recursive: true);
                }
            }
            else if (time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > s_lockStale)
            {
                RemoveStale(folder);
                continue;
            }

            await Task.Delay(s_lockRetry, time, cancellationToken);
        }

        throw new HubStartException("settings_locked", $"Another process holds {Path}. If none runs, remove {folder}.");
    }
}
