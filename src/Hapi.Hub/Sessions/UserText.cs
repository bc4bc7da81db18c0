using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Hub.Sessions;

/// <summary>Whether a person said something: what the list counts as activity.</summary>
internal static class UserText
{
    public static bool IsIn(RawJson content)
    {
        // Most messages are an agent's; looking for the word is cheaper than parsing each.
        if (content.Utf8.Span.IndexOf("\"user\""u8) < 0)
        {
            return false;
        }

        try
        {
            var envelope = content.ToElement();
            if (envelope.ValueKind is not JsonValueKind.Object || !envelope.TryGetProperty("role"u8, out var role) || role.ValueKind is not JsonValueKind.String || !role.ValueEquals("user"u8)
                || !envelope.TryGetProperty("content"u8, out var payload))
            {
                return false;
            }

            var text = payload.ValueKind is JsonValueKind.Object && payload.TryGetProperty("text"u8, out var inner) ? inner : payload;
            return text.ValueKind is JsonValueKind.String && !string.IsNullOrWhiteSpace(text.GetString());
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
