namespace Hapi.Link;

/// <summary>The file whose lock says that a live process owns an outbox. The system lets go of it when the process ends, however it ends.</summary>
internal static class OutboxLock
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020), LinuxWouldBlock = 11, MacWouldBlock = 35;

    /// <summary>Makes the folder, for this user only, and takes the lock.</summary>
    /// <exception cref="OutboxException"><c>outbox_owned</c> or <c>outbox_unavailable</c>.</exception>
    public static FileStream Take(string path)
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
