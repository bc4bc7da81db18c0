using System.Globalization;
using System.Text;
using System.Text.Json;
using Hapi.Agents.Claude;
using Hapi.TestKit;

namespace Hapi.Agents.Tests.Claude;

/// <summary>Recorded lines of Claude Code through the translator, and what came of it as text.</summary>
internal static class Replay
{
    public static string Transcript(string name)
    {
        var translator = new ClaudeTranslator(mode: "default");
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(SourceTree.At("tests", "Hapi.Agents.Tests", "Claude", "Transcripts", $"{name}.jsonl")))
        {
            var entry = JsonElement.Parse(line);
            if (entry.Text("dir") is "send" && entry.At("msg").Text("type") is "user")
            {
                text.Append("— the next prompt —\n");
            }

            if (entry.Text("dir") is "recv")
            {
                Describe(translator.Translate(entry.At("msg")), text);
            }
        }

        return text.ToString();
    }

    public static string Lines(ClaudeTranslator translator, params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            Describe(translator.Translate(JsonElement.Parse(line)), text);
        }

        return text.ToString();
    }

    public static string Describe(IReadOnlyList<ClaudeStep> steps, StringBuilder? into = null)
    {
        // A golden file knows no country.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var text = into ?? new StringBuilder();
        foreach (var step in steps)
        {
            text.Append(step switch
            {
                Settled { Event: SlashCommandsChanged changed } => $"SlashCommandsChanged {{ {string.Join(", ", changed.Names)} }}",
                Settled settled => settled.Event.ToString(),
                _ => step.ToString(),
            }).Append('\n');
        }

        return text.ToString();
    }
}
