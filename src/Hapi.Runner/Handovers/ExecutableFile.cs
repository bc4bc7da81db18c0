namespace Hapi.Runner.Handovers;

/// <summary>The executable on disk: another one may lie there by now.</summary>
internal sealed class ExecutableFile
{
    private readonly string _path;

    public ExecutableFile(string path)
    {
        _path = path;
        StartedAt = InstalledAt();
    }

    /// <summary>When the one that runs had been written, in milliseconds since 1970. It never changes.</summary>
    public long StartedAt { get; }

    public long InstalledAt() => File.Exists(_path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(_path)).ToUnixTimeMilliseconds() : 0;
}
