namespace Hapi.ModelServer.Conversations;

public enum TurnKind
{
    Prompt,
    Answer,
    ToolCalls,
    ToolResult,
}

/// <summary>One entry of a conversation, the same whatever API carried it.</summary>
/// <param name="WithResult">A prompt that rides with a tool result: the user steered a running turn.</param>
public sealed record Turn(TurnKind Kind, string Text, bool WithResult = false);
