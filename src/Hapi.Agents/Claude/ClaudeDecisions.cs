using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hapi.Agents.Claude;

/// <summary>Says a person's decision in Claude Code's words.</summary>
internal sealed class ClaudeDecisions(ClaudeAllowList allowed, bool allowsBypass)
{
    private const string Refused =
        "The user doesn't want to proceed with this tool use. The tool use was rejected. STOP what you are doing and wait for the user to tell you how to proceed.";

    public static JsonObject Allow(JsonElement input) => new() { ["behavior"] = "allow", ["updatedInput"] = JsonNode.Parse(input.Raw().Utf8.Span) };

    public static JsonObject Deny(string message, bool interrupt = false)
    {
        var response = new JsonObject { ["behavior"] = "deny", ["message"] = message };
        if (interrupt)
        {
            response["interrupt"] = true;
        }

        return response;
    }

    /// <param name="request">The <c>can_use_tool</c> request that was decided.</param>
    public JsonObject Response(JsonElement request, PermissionDecision decision)
    {
        var reason = string.IsNullOrWhiteSpace(decision.Reason) ? Refused : decision.Reason;
        switch (decision.Verdict)
        {
            case Verdict.Denied:
                return Deny(reason);
            case Verdict.Abort:
                return Deny(reason, interrupt: true);
        }

        var (tool, input) = (request.Text("tool_name") ?? "", request.At("input"));
        var response = Allow(input);
        if (decision.UpdatedInput is { IsNull: false } updated)
        {
            response["updatedInput"] = JsonNode.Parse(updated.Utf8.Span);
        }
        else if (tool is "AskUserQuestion")
        {
            if (decision.Answers is not { } answers || ClaudeQuestions.Answer(input, answers) is not { } answered)
            {
                return Deny("The user did not answer the question.");
            }

            response["updatedInput"] = answered;
        }

        if (Permissions(tool, request, decision) is { Count: > 0 } permissions)
        {
            response["updatedPermissions"] = permissions;
        }

        return response;
    }

    private JsonArray Permissions(string tool, JsonElement request, PermissionDecision decision)
    {
        var permissions = new JsonArray();
        if (decision.Mode is { } mode && ClaudeModes.Knows(mode) && (mode is not ClaudeModes.Bypass || allowsBypass))
        {
            permissions.Add((JsonNode)new JsonObject { ["type"] = "setMode", ["mode"] = mode, ["destination"] = "session" });
        }

        List<string> entries = [.. decision.AllowTools ?? []];
        if (decision.Verdict is Verdict.ApprovedForSession && entries.Count == 0 && ClaudeAllowList.MayHold(tool))
        {
            foreach (var suggestion in request.Items("permission_suggestions"))
            {
                if (JsonNode.Parse(suggestion.Raw().Utf8.Span) is JsonObject permission)
                {
                    // It would write into the project's settings; the person said: for this session.
                    permission["destination"] = "session";
                    permissions.Add((JsonNode)permission);
                }
            }

            // A command is allowed as it stands: a redirection in it would be asked about again in spite of the rule.
            if (tool is "Bash" && request.At("input").Text("command") is { } command)
            {
                entries.Add($"Bash({command})");
            }
            else if (permissions.Count == 0)
            {
                entries.Add(tool);
            }
        }

        var rules = new JsonArray();
        foreach (var entry in entries)
        {
            if (allowed.Remember(entry) is { } rule)
            {
                rules.Add((JsonNode)rule);
            }
        }

        if (rules.Count > 0)
        {
            permissions.Add((JsonNode)new JsonObject { ["type"] = "addRules", ["rules"] = rules, ["behavior"] = "allow", ["destination"] = "session" });
        }

        return permissions;
    }
}
