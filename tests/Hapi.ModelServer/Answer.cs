using Hapi.ModelServer.Conversations;
using Hapi.ModelServer.Scenarios;

namespace Hapi.ModelServer;

/// <summary>A step made ready for one request.</summary>
internal sealed class Answer
{
    public Answer(ScenarioStep step, Conversation conversation, string url)
    {
        Step = step;
        Model = conversation.Model;
        string Fill(string text) => Placeholders.Fill(text, conversation, url);
        Thinking = new ScriptedText(Fill(step.Thinking));
        Text = new ScriptedText(Fill(step.Text));
        Calls = [.. (step.Tool is { } one ? [one, .. step.Tools] : step.Tools).Select(t => ToolBox.Resolve(t, conversation, Fill))];
    }

    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    public ScenarioStep Step { get; }

    public string Model { get; }

    public ScriptedText Thinking { get; }

    public ScriptedText Text { get; }

    public IReadOnlyList<ToolCall> Calls { get; }

    public int InputTokens => Step.InputTokens;

    public int OutputTokens => Step.OutputTokens > 0 ? Step.OutputTokens : Math.Max(1, Text.Plain.Length / 4);
}
