using System.Text.Encodings.Web;
using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Workspace;

/// <summary>Writes answers. Text stays as it is where JSON allows: a diff full of escapes would be twice as long.</summary>
internal static class Answer
{
    private static readonly WorkspaceJson s_json = new(new JsonSerializerOptions(WorkspaceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static RawJson Of(FileAnswer answer) => new(JsonSerializer.SerializeToUtf8Bytes(answer, s_json.FileAnswer));

    public static RawJson Of(DirectoryAnswer answer) => new(JsonSerializer.SerializeToUtf8Bytes(answer, s_json.DirectoryAnswer));

    public static RawJson Of(StatAnswer answer) => new(JsonSerializer.SerializeToUtf8Bytes(answer, s_json.StatAnswer));

    public static RawJson Of(CommandAnswer answer) => new(JsonSerializer.SerializeToUtf8Bytes(answer, s_json.CommandAnswer));

    public static RawJson Failure(string error) => Of(new CommandAnswer(false, Error: error));
}

/// <param name="Content">In base64.</param>
/// <param name="Modified">In milliseconds since 1970, here and below.</param>
internal sealed record FileAnswer(bool Success, string Content, long Size, long Modified);

internal sealed record DirectoryAnswer(bool Success, IReadOnlyList<DirectoryItem> Entries, bool? Truncated = null);

/// <param name="Type"><c>file</c>, <c>directory</c> or <c>other</c>; a link is other, wherever it leads.</param>
internal sealed record DirectoryItem(string Name, string Type, long? Size = null, long? Modified = null);

internal sealed record StatAnswer(bool Success, IReadOnlyList<StatItem> Entries);

/// <summary>A file that is not there has its path only.</summary>
internal sealed record StatItem(string Path, long? Size = null, long? Modified = null);

/// <param name="Truncated">The output was too long and ends after a whole line.</param>
internal sealed record CommandAnswer(bool Success, string? Stdout = null, string? Stderr = null, int? ExitCode = null, string? Error = null, bool? Truncated = null);
