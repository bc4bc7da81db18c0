using Hapi.Control;

namespace Hapi.Runner;

/// <summary>Log files that only this user can read.</summary>
internal static class PrivateLog
{
    public static void Append(string path, string text)
    {
        PrivateFiles.Folder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The end of a log in one line, or <see langword="null"/>.</summary>
    public static string? End(string path, int maxCharacters)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(-Math.Min(file.Length, 4L * maxCharacters), SeekOrigin.End);
            using var reader = new StreamReader(file);
            var text = string.Join(' ', reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return text.Length == 0 ? null : text.Length <= maxCharacters ? text : text[^maxCharacters..];
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
