namespace Hapi.Link;

/// <summary>The file whose lock says that a live process owns an outbox. The system lets go of it when the process ends, however it ends.</summary>
internal static class OutboxLock
{
    private static readonly TimeSpan s_courierLeavesWithin = TimeSpan.FromSeconds(3), s_look = TimeSpan.FromMilliseconds(50);
    private const int WindowsSharingViolation = unchecked((int)0x80070020), LinuxWouldBlock = 11, MacWouldBlock = 35;

    /// <summary>Takes the lock for one who delivers what a dead process left. A session that starts meanwhile waits a moment for it.</summary>
    /// <exception cref="OutboxException"><c>outbox_owned</c> or <c>outbox_unavailable</c>.</exception>
    public static FileStream TakeToDeliver(string path)
    {
        var owner = TakeNow(path);
        File.WriteAllBytes(MarkOf(path), []);
        return owner;
    }

    /// <summary>Lets go.</summary>
    public static void Release(FileStream owner, string path, bool delivered)
    {
        if (delivered)
        {
            File.Delete(MarkOf(path)); // first: without the mark, who holds the lock is a session
        }

        owner.Dispose();
    }

    /// <summary>Makes the folder, for this user only, and takes the lock.</summary>
    /// <exception cref="OutboxException"><c>outbox_owned</c> or <c>outbox_unavailable</c>.</exception>
    public static FileStream Take(string path)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (true)
        {
            try
            {
                return TakeNow(path);
            }
            catch (OutboxException ex) when (ex.Code is "outbox_owned" && File.Exists(MarkOf(path)) && TimeProvider.System.GetElapsedTime(begun) < s_courierLeavesWithin)
            {
                pause.Wait(s_look);
            }
        }
    }

    private static string MarkOf(string path) => path + ".courier";

    private static FileStream TakeNow(string path)
    {
        try
        {
            CreatePrivateFolder(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException ex) when (ex.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw new OutboxException("outbox_owned", "Another process runs this session already.", ex);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new OutboxException("outbox_unavailable", $"The outbox {path} cannot be used: {ex.Message}", ex);
        }
    }

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
