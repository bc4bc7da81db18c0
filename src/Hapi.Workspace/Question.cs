using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Workspace;

/// <summary>Reads the arguments of a call.</summary>
internal static class Question
{
    /// <exception cref="JsonException">They have another shape.</exception>
    public static string Path(RawJson args) => Read(args, WorkspaceJson.Default.PathQuestion)?.Path ?? "";

    public static IReadOnlyList<string> Paths(RawJson args) =>
        Read(args, WorkspaceJson.Default.PathsQuestion)?.Paths is { } paths && !paths.Contains(null!) ? paths : throw new JsonException("paths is required.");

    public static GitQuestion Git(RawJson args) => Read(args, WorkspaceJson.Default.GitQuestion) ?? new(null, null, null);

    private static T? Read<T>(RawJson args, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(args.Utf8.Span, type);
}

internal sealed record PathQuestion(string? Path);

internal sealed record PathsQuestion(IReadOnlyList<string>? Paths);

internal sealed record GitQuestion(string? Cwd, string? FilePath, bool? Staged);
