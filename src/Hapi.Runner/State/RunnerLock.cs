using Hapi.Control;

namespace Hapi.Runner.State;

/// <summary>
/// Says that a runner of this home lives: a lock on <c>runner.state.json.lock</c>, held for its whole life. The system lets go of it when the process
/// ends, however it ends, so no lock is ever stale.
/// </summary>
internal sealed class RunnerLock : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020), LinuxWouldBlock = 11, MacWouldBlock = 35;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private readonly FileStream _file;

    private RunnerLock(FileStream file) => _file = file;

    /// <summary>Gives <see langword="null"/> when another runner holds it.</summary>
    /// <exception cref="IOException">The home cannot be written in.</exception>
    /// <exception cref="UnauthorizedAccessException">The home is not ours to write in.</exception>
    public static RunnerLock? TryTake(string home)
    {
        PrivateFiles.Folder(home);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new RunnerLock(new FileStream(Path.Combine(home, "runner.state.json.lock"), options));
        }
        catch (IOException ex) when (ex.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }

    /// <summary>Waits for it.</summary>
    public static async Task<RunnerLock?> TakeAsync(string home, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); ; await Task.Delay(s_look, time, cancellationToken))
        {
            var taken = TryTake(home);
            if (taken is not null || time.GetElapsedTime(begun) >= patience)
            {
                return taken;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
