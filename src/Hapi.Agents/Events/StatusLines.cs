using System.Text.Json;

namespace Hapi.Agents.Events;

/// <summary>Events that are shown as a line between the messages: the family <c>event</c>.</summary>
internal static class StatusLines
{
    public static bool Shows(AgentEvent e) => e is Noted or RetryAnnounced or UsageLimit or ContextCompacted or TurnMeasured or ConfigChanged { PermissionMode: not null };

    /// <summary>The same in a few words, for the card of a sub-agent.</summary>
    public static string? Activity(AgentEvent e) => e switch
    {
        Noted n => n.Message,
        RetryAnnounced r => $"Trying again ({r.Attempt}/{r.MaxAttempts}): {r.Error}",
        ContextCompacted => "Context was compacted",
        UsageLimit { Reached: true } => "Usage limit reached",
        _ => null,
    };

    public static void Write(Utf8JsonWriter w, AgentEvent e)
    {
        switch (e)
        {
            case Noted n:
                w.WriteString("type"u8, "message"u8);
                w.WriteString("message"u8, LongText.Cut(n.Message));
                break;
            case RetryAnnounced r:
                w.WriteString("type"u8, "api-error"u8);
                w.WriteNumber("retryAttempt"u8, r.Attempt);
                w.WriteNumber("maxRetries"u8, r.MaxAttempts);
                if (r.DelayMs is { } delay)
                {
                    w.WriteNumber("retryDelayMs"u8, delay);
                }

                w.WriteStartObject("error"u8);
                w.WriteString("message"u8, LongText.Cut(r.Error));
                w.WriteEndObject();
                break;
            case UsageLimit l:
                w.WriteString("type"u8, l.Reached ? "limit-reached"u8 : "limit-warning"u8);
                if (!l.Reached && l.Utilization is { } utilization)
                {
                    w.WriteNumber("utilization"u8, utilization);
                }

                if (l.ResetsAt is { } resets)
                {
                    w.WriteNumber("endsAt"u8, resets.ToUnixTimeSeconds());
                }

                w.WriteString("limitType"u8, l.LimitType ?? "");
                break;
            case ContextCompacted c:
                w.WriteString("type"u8, "compact"u8);
                w.WriteString("trigger"u8, c.Trigger ?? "auto");
                w.WriteNumber("preTokens"u8, c.PreTokens ?? 0);
                break;
            case TurnMeasured t:
                w.WriteString("type"u8, "turn-duration"u8);
                w.WriteNumber("durationMs"u8, t.DurationMs);
                if (t.Turns is { } turns)
                {
                    w.WriteNumber("turns"u8, turns);
                }

                if (t.CostUsd is { } cost)
                {
                    w.WriteNumber("costUsd"u8, cost);
                }

                break;
            case ConfigChanged { PermissionMode: { } mode }:
                w.WriteString("type"u8, "permission-mode-changed"u8);
                w.WriteString("mode"u8, mode);
                break;
        }
    }
}
