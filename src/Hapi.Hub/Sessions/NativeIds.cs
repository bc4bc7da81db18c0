using System.Text.Json.Nodes;

namespace Hapi.Hub.Sessions;

/// <summary>The agents' own ids of a conversation, as they stand in the metadata: by them a conversation is found again, also after its agent has changed.</summary>
internal static class NativeIds
{
    /// <summary>In the order in which a session of an unknown kind is looked at.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "codexSessionId", "claudeSessionId", "geminiSessionId", "opencodeSessionId", "grokSessionId", "agySessionId", "cursorSessionId", "kimiSessionId", "copilotSessionId",
        "piSessionId", "acpSessionId", "demoSessionId",
    ];

    public static string KeyOf(string? flavor) => $"{flavor}SessionId";

    /// <summary>The id that an agent of this kind resumes; <see langword="null"/> when there is none.</summary>
    public static string? Of(JsonObject metadata, string? flavor) => metadata.Text(KeyOf(flavor))?.Trim() is { Length: > 0 } id ? id : null;
}
