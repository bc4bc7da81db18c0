using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hapi.Contracts;

namespace Hapi.Agents.Claude;

/// <summary>Answers to <c>AskUserQuestion</c>. People's answers come by place, header or text of the question; Claude Code wants the text.</summary>
internal static class ClaudeQuestions
{
    /// <summary>Gives the tool's input with the answers in it; <see langword="null"/> when nothing was answered.</summary>
    public static JsonObject? Answer(JsonElement input, RawJson answers)
    {
        var chosen = new JsonObject();
        var questions = input.Items("questions").ToList();
        foreach (var answer in answers.ToElement().Members())
        {
            var text = string.Join(", ", Labels(answer.Value));
            if (text.Length > 0 && Question(questions, answer.Name) is { } question)
            {
                chosen[question] = text;
            }
        }

        if (chosen.Count == 0 || JsonNode.Parse(input.Raw().Utf8.Span) is not JsonObject updated)
        {
            return null;
        }

        updated["answers"] = chosen;
        return updated;
    }

    private static IEnumerable<string> Labels(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.String when answer.GetString() is { Length: > 0 } only => [only],
        JsonValueKind.Array => answer.EnumerateArray().Where(label => label.ValueKind is JsonValueKind.String).Select(label => label.GetString()!).Where(label => label.Length > 0),
        JsonValueKind.Object => Labels(answer.At("answers")),
        _ => [],
    };

    private static string? Question(List<JsonElement> questions, string key)
    {
        var named = questions.FirstOrDefault(question => question.Text("question") == key || question.Text("id") == key || question.Text("header") == key);
        if (named.ValueKind is JsonValueKind.Undefined && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < questions.Count)
        {
            named = questions[place];
        }

        return named.Text("question");
    }
}
