using System.Runtime.InteropServices;

namespace Hapi.Workspace.Files;

/// <summary>Files that hold bytes, and nothing else: opening a pipe would wait for its other end for ever, and a device is no file to show.</summary>
internal static partial class RegularFile
{
    // statx(2); the structure is the same on every Linux. The framework tells a pipe from a file only by opening it.
    private const int CurrentFolder = -100, TypeOnly = 1, StructureSize = 256, ModeOffset = 28, TypeMask = 0xF000, Regular = 0x8000;

    /// <exception cref="WorkspaceException">It is something else.</exception>
    /// <exception cref="IOException">It is not there, or cannot be opened.</exception>
    public static FileStream Open(string path) =>
        !File.Exists(path) || Is(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : throw new WorkspaceException("This is no ordinary file.");

    /// <summary>Whether it is one. Elsewhere than on Linux everything that is not a folder counts as one.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> stat = stackalloc byte[StructureSize];
        return Stat(CurrentFolder, path, 0, TypeOnly, ref MemoryMarshal.GetReference(stat)) == 0
            && (MemoryMarshal.Read<ushort>(stat[ModeOffset..]) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte stat);
}
