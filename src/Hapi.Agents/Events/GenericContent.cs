using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Events;

/// <summary>The <c>data</c> objects of the family <c>codex</c>.</summary>
internal static class GenericContent
{
    public static bool Has(AgentEvent e) =>
        e is TextSettled or ReasoningSettled or ToolCalled or ToolReturned or PlanChanged { Steps.Count: > 0 } or UsageCounted or ImageMade or RunStarted or RunUpdated or ErrorReported;

    /// <param name="id">The row's own id, where the event brings none.</param>
    public static void Write(Utf8JsonWriter w, AgentEvent e, string id, long now = 0)
    {
        switch (e)
        {
            case TextSettled t:
                Said(w, "message"u8, t.Id, t.Text);
                break;
            case ReasoningSettled r:
                Said(w, "reasoning"u8, r.Id, r.Text);
                break;
            case ToolCalled c:
                Call(w, c, id);
                break;
            case ToolReturned r:
                w.WriteString("type"u8, "tool-call-result"u8);
                w.WriteString("callId"u8, r.CallId);
                Raw(w, "output"u8, r.Output);
                w.WriteBoolean("is_error"u8, r.IsError);
                w.WriteString("id"u8, id);
                break;
            case PlanChanged p:
                Plan(w, p, id);
                break;
            case UsageCounted u:
                Usage(w, u, id);
                break;
            case ImageMade i:
                Image(w, i, id);
                break;
            case RunStarted s:
                w.WriteString("type"u8, "agent-run-start"u8);
                w.WriteString("cardId"u8, s.CardId);
                w.WriteString("agentId"u8, s.CardId);
                Raw(w, "input"u8, s.Input);
                w.WriteNumber("startedAt"u8, now);
                w.WriteString("status"u8, "running"u8);
                w.WriteString("statusText"u8, "Running"u8);
                w.WriteString("activity"u8, s.Description ?? "Running");
                w.WriteString("activityKind"u8, "running"u8);
                Optional(w, "summary", s.Description);
                Optional(w, "parentCardId", s.Run);
                w.WriteString("id"u8, id);
                break;
            case RunUpdated u:
                RunUpdate(w, u, id, now);
                break;
            case ErrorReported r:
                w.WriteString("type"u8, "error"u8);
                w.WriteString("message"u8, LongText.Cut(r.Message));
                w.WriteString("id"u8, id);
                break;
        }
    }

    private static void Said(Utf8JsonWriter w, ReadOnlySpan<byte> type, string id, string text)
    {
        w.WriteString("type"u8, type);
        w.WriteString("message"u8, LongText.Cut(text));
        w.WriteString("id"u8, id);
    }

    private static void Call(Utf8JsonWriter w, ToolCalled c, string id)
    {
        w.WriteString("type"u8, "tool-call"u8);
        w.WriteString("callId"u8, c.CallId);
        w.WriteString("name"u8, c.Name);
        Raw(w, "input"u8, c.Input);
        Optional(w, "status", c.Status);
        Optional(w, "nativeTitle", c.Title);
        Optional(w, "nativeKind", c.Kind);
        w.WriteString("id"u8, id);
    }

    private static void Plan(Utf8JsonWriter w, PlanChanged p, string id)
    {
        w.WriteString("type"u8, "plan"u8);
        w.WriteStartArray("entries"u8);
        foreach (var step in p.Steps)
        {
            w.WriteStartObject();
            w.WriteString("content"u8, LongText.Cut(step.Content));
            w.WriteString("priority"u8, step.Priority);
            w.WriteString("status"u8, step.Status);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteString("id"u8, id);
    }

    private static void Usage(Utf8JsonWriter w, UsageCounted u, string id)
    {
        w.WriteString("type"u8, "token_count"u8);
        Optional(w, "model", u.Model);
        w.WriteString("usageSchema"u8, "hapi.usage.v1"u8);
        w.WriteString("inputTokenSemantics"u8, "includes-cache"u8);
        w.WriteStartObject("info"u8);
        w.WriteStartObject("last"u8);
        w.WriteNumber("inputTokens"u8, u.InputTokens);
        w.WriteNumber("outputTokens"u8, u.OutputTokens);
        w.WriteNumber("totalTokens"u8, u.InputTokens + u.OutputTokens);
        w.WriteNumber("cachedInputTokens"u8, u.CachedInputTokens);
        w.WriteNumber("cacheWriteInputTokens"u8, u.CacheWriteInputTokens);
        w.WriteEndObject();
        Optional(w, "contextTokens", u.ContextTokens);
        Optional(w, "modelContextWindow", u.ContextWindow);
        if (u.CostUsd is { } cost)
        {
            w.WriteNumber("costUsd"u8, cost);
        }

        w.WriteEndObject();
        if (u.Run is { } run)
        {
            w.WriteString("scopeRole"u8, "child"u8);
            w.WriteString("scope_role"u8, "child"u8);
            w.WriteStartObject("scope"u8);
            w.WriteString("role"u8, "child"u8);
            w.WriteString("agentId"u8, run);
            w.WriteEndObject();
        }

        w.WriteString("id"u8, id);
    }

    private static void Image(Utf8JsonWriter w, ImageMade i, string id)
    {
        w.WriteString("type"u8, "generated-image"u8);
        w.WriteString("imageId"u8, i.ImageId);
        w.WriteString("fileName"u8, i.FileName);
        w.WriteString("mimeType"u8, i.MimeType);
        w.WriteString("id"u8, id);
        w.WriteStartObject("source"u8);
        w.WriteString("ingress"u8, "tool_result"u8);
        Optional(w, "toolCallId", i.CallId);
        w.WriteEndObject();
    }

    private static void RunUpdate(Utf8JsonWriter w, RunUpdated u, string id, long now)
    {
        w.WriteString("type"u8, "agent-run-update"u8);
        w.WriteString("agentId"u8, u.CardId);
        w.WriteString("cardId"u8, u.CardId);
        w.WriteString("status"u8, u.Status);
        w.WriteString("statusText"u8, u.Status switch
        {
            "completed" => "Completed",
            "failed" => "Failed",
            "canceled" => "Canceled",
            _ => "Running",
        });
        if (u.Activity is { } activity)
        {
            w.WriteString("activity"u8, LongText.Cut(activity));
            w.WriteString("activityKind"u8, "running"u8);
        }

        if (u.Status is not "running")
        {
            w.WriteNumber("completedAt"u8, now);
        }

        Optional(w, "result", u.Result);
        Optional(w, "error", u.Error);
        w.WriteString("id"u8, id);
    }

    private static void Raw(Utf8JsonWriter w, ReadOnlySpan<byte> name, RawJson value)
    {
        w.WritePropertyName(name);
        w.WriteRawValue(LongText.Cut(value).Utf8.Span, skipInputValidation: true);
    }

    private static void Optional(Utf8JsonWriter w, string name, string? value)
    {
        if (value is not null)
        {
            w.WriteString(name, LongText.Cut(value));
        }
    }

    private static void Optional(Utf8JsonWriter w, string name, long? value)
    {
        if (value is { } number)
        {
            w.WriteNumber(name, number);
        }
    }
}
