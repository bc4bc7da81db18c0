using System.Text.Json;

namespace Hapi.Agents.Acp.Updates;

/// <summary>Plans: ACP's own, and those of agents that keep theirs in a tool (OpenCode).</summary>
internal static class TodoList
{
    public static PlanChanged? Read(JsonElement update, string list)
    {
        PlanStep[] steps = [.. update.Items(list).Where(entry => entry.Words("content") is not null).Select(entry => new PlanStep(
            entry.Text("content")!,
            entry.Text("priority") is "high" or "low" ? entry.Text("priority")! : "medium",
            entry.Text("status") switch
            {
                "completed" => "completed",
                "in_progress" => "in_progress",
                _ => "pending",
            }))];
        return steps.Length == 0 ? null : new PlanChanged(steps);
    }

    public static PlanChanged? Of(ToolCall call) =>
        call is { Status: "completed", RawInput: { } input } && call.Name.Replace("_", "", StringComparison.Ordinal).Equals("todowrite", StringComparison.OrdinalIgnoreCase)
            ? Read(input, "todos")
            : null;
}
