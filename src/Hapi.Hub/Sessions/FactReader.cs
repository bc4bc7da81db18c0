using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Sessions;

/// <summary>Turns the bytes of a fact into what it is, or says why it cannot be one.</summary>
internal static class FactReader
{
    /// <summary>Total: gives a fact, or a stable code and a reason.</summary>
    public static (Fact? Fact, string? Code, string? Reason) Read(RawJson raw)
    {
        if (raw.Utf8.Length > LinkLimits.MaxFactBytes)
        {
            return (null, "fact_too_large", $"A fact has at most {LinkLimits.MaxFactBytes} bytes.");
        }

        try
        {
            return Parse(raw) is { } fact ? Check(fact) : (null, "unknown_fact", "This hub does not know that kind of fact.");
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return (null, "invalid_fact", "The fact does not have the shape of its kind.");
        }
    }

    private static Fact? Parse(RawJson raw)
    {
        var json = raw.Utf8.Span;
        return Kind(json) switch
        {
            FactKinds.Message => JsonSerializer.Deserialize(json, LinkJson.Default.MessageFact),
            FactKinds.SessionOpened => JsonSerializer.Deserialize(json, LinkJson.Default.SessionOpened),
            FactKinds.MetadataPatch => JsonSerializer.Deserialize(json, LinkJson.Default.MetadataPatch),
            FactKinds.StatePatch => JsonSerializer.Deserialize(json, LinkJson.Default.StatePatch),
            FactKinds.RequestOpened => JsonSerializer.Deserialize(json, LinkJson.Default.RequestOpened),
            FactKinds.RequestClosed => JsonSerializer.Deserialize(json, LinkJson.Default.RequestClosed),
            FactKinds.MessagesConsumed => JsonSerializer.Deserialize(json, LinkJson.Default.MessagesConsumed),
            FactKinds.MessagesRequeued => JsonSerializer.Deserialize(json, LinkJson.Default.MessagesRequeued),
            FactKinds.MessagesIndeterminate => JsonSerializer.Deserialize(json, LinkJson.Default.MessagesIndeterminate),
            FactKinds.CommandAccepted => JsonSerializer.Deserialize(json, LinkJson.Default.CommandAccepted),
            FactKinds.CommandRefused => JsonSerializer.Deserialize(json, LinkJson.Default.CommandRefused),
            FactKinds.SessionReady => JsonSerializer.Deserialize(json, LinkJson.Default.SessionReady),
            FactKinds.SessionEnded => JsonSerializer.Deserialize(json, LinkJson.Default.SessionEnded),
            FactKinds.Audit => JsonSerializer.Deserialize(json, LinkJson.Default.AuditFact),
            _ => null,
        };
    }

    private static string? Kind(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("kind"u8);
            reader.Read();
            if (found)
            {
                return reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }

    private static (Fact?, string?, string?) Check(Fact fact)
    {
        var valid = fact switch
        {
            MessageFact m => IsObject(m.Content),
            SessionOpened s => Is(s.Tag) && Is(s.Flavor) && IsObject(s.Metadata) && IsObject(s.AgentState) && s.Machine is { Id.Length: > 0 } machine && IsObject(machine.Metadata),
            RequestOpened r => Is(r.Id) && Is(r.Tool),
            RequestClosed r => Is(r.Id) && r.Status is "approved" or "denied" or "canceled",
            MessagesConsumed m => m.LocalIds is not null,
            MessagesRequeued m => m.LocalIds is not null,
            MessagesIndeterminate m => m.LocalIds is not null,
            CommandAccepted c => Is(c.Id),
            CommandRefused c => Is(c.Id) && Is(c.Code),
            SessionEnded e => Is(e.Reason) && Is(e.ArchivedBy) && Is(e.ArchiveReason),
            _ => true,
        };
        return valid ? (fact, null, null) : (null, "invalid_fact", "A member that this fact needs is missing or has another shape.");
    }

    private static bool Is(string? text) => !string.IsNullOrEmpty(text);

    private static bool IsObject(RawJson json) => json.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
}
