using System.Globalization;
using System.Text.Json;
using Hapi.Contracts.Sessions;
using Hapi.Output;

namespace Hapi.Sessions;

/// <summary>One session, line by line.</summary>
internal static class SessionSheet
{
    /// <summary>What is known of it; what is not known has no line.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(SessionSummary session, Contracts.Sessions.Session detail, TimeProvider time)
    {
        var metadata = detail.Metadata?.ToElement();
        var host = Text(metadata, "host");
        IEnumerable<(string Name, string? Value)> all =
        [
            ("Name", SessionWords.Name(session)),
            ("Id", session.Id),
            ("State", SessionWords.State(session)),
            ("Ended by", Text(metadata, "archivedBy")),
            ("Agent", session.Metadata?.Flavor),
            ("Model", session.Model),
            ("Effort", session.Effort),
            ("Mode", detail.PermissionMode),
            ("Folder", session.Metadata?.Path),
            ("Machine", host is null ? session.Metadata?.MachineId : $"{host} ({session.Metadata?.MachineId})"),
            ("Started", Text(metadata, "startedBy") is { } by ? $"{At(detail.CreatedAt, time)}, by {by}" : At(detail.CreatedAt, time)),
            ("Activity", $"{At(detail.UpdatedAt, time)} ({Ago.Say(detail.UpdatedAt, time)})"),
            ("Agent's id", session.Metadata?.AgentSessionId),
            ("Waits for", session.PendingRequestsCount > 0 ? string.Join(", ", session.PendingRequests.Select(p => $"{p.Tool} ({p.Kind})")) : null),
        ];
        return all.Where(l => !string.IsNullOrEmpty(l.Value)).Select(l => (l.Name, l.Value!));
    }

    private static string At(long at, TimeProvider time) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement? metadata, string key) =>
        metadata is { ValueKind: JsonValueKind.Object } open && open.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
