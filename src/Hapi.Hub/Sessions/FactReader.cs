using System.Text.Json;
using Hapi.Contracts;
using Hapi.Contracts.Link;

namespace Hapi.Hub.Sessions;

/// <summary>Turns the bytes of a fact into what it is, or says why it cannot be one.</summary>
internal static class FactReader
{
    private const int MaxId = 512;
    private static readonly JsonReaderOptions s_deep = new() { MaxDepth = LinkLimits.MaxDepth };

    /// <summary>Total: gives a fact, or a stable code and a reason.</summary>
    public static ReadFact Read(RawJson raw)
    {
        if (raw.Utf8.Length > LinkLimits.MaxFactBytes)
        {
            return new(null, "fact_too_large", $"A fact has at most {LinkLimits.MaxFactBytes} bytes.");
        }

        try
        {
            return Parse(raw) is { } fact ? Check(fact) : new(null, "unknown_fact", "This hub does not know that kind of fact.");
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return new(null, "invalid_fact", "The fact does not have the shape of its kind.");
        }
    }

    private static Fact? Parse(RawJson raw)
    {
        var json = raw.Utf8.Span;
        return Kind(json) switch
        {
            FactKinds.Message => Message(raw.Utf8),
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
            FactKinds.MachineOpened => JsonSerializer.Deserialize(json, LinkJson.Default.MachineOpened),
            FactKinds.MachinePatch => JsonSerializer.Deserialize(json, LinkJson.Default.MachinePatch),
            FactKinds.ProcessStarted => JsonSerializer.Deserialize(json, LinkJson.Default.ProcessStarted),
            FactKinds.ProcessDied => JsonSerializer.Deserialize(json, LinkJson.Default.ProcessDied),
            FactKinds.ProcessStopped => JsonSerializer.Deserialize(json, LinkJson.Default.ProcessStopped),
            FactKinds.Audit => JsonSerializer.Deserialize(json, LinkJson.Default.AuditFact),
            _ => null,
        };
    }

    // Nearly all facts are messages: their content is carried as the bytes it came in, however deep it nests.
    private static MessageFact Message(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, s_deep);
        reader.Read();
        (long at, RawJson? content, string? localId) = (0, null, null);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("content"u8) ? 'c' : reader.ValueTextEquals("at"u8) ? 'a' : reader.ValueTextEquals("localId"u8) ? 'l' : ' ';
            reader.Read();
            switch (name)
            {
                case 'a':
                    at = reader.GetInt64();
                    break;
                case 'l':
                    localId = reader.GetString();
                    break;
                case 'c':
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    content = OneLine(json[start..(int)reader.BytesConsumed]);
                    continue;
            }

            reader.Skip();
        }

        return new MessageFact(at, content ?? throw new JsonException("There is no content."), localId);
    }

    // A line break between two tokens would end a frame of the event stream.
    private static RawJson OneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return new RawJson(json);
        }

        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = s_deep.MaxDepth });
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = s_deep.MaxDepth }))
        {
            document.RootElement.WriteTo(writer);
        }

        return new RawJson(buffer.WrittenMemory);
    }

    private static string? Kind(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, s_deep);
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

    private static ReadFact Check(Fact fact)
    {
        var valid = fact switch
        {
            MessageFact m => IsObject(m.Content) && (m.LocalId is null || Is(m.LocalId)),
            SessionOpened s => Is(s.Tag) && Is(s.Flavor) && IsDocument(s.Metadata) && IsDocument(s.AgentState) && s.Machine is { } machine && Is(machine.Id) && IsDocument(machine.Metadata),
            RequestOpened r => Is(r.Id) && Is(r.Tool) && IsValue(r.Arguments) && (r.Options ?? []).All(o => o is not null),
            RequestClosed r => Is(r.Id) && r.Status is "approved" or "denied" or "canceled" && (r.Answers is not { } answers || IsValue(answers)),
            MessagesConsumed m => m.LocalIds is not null,
            MessagesRequeued m => m.LocalIds is not null,
            MessagesIndeterminate m => m.LocalIds is not null,
            CommandAccepted c => Is(c.Id),
            CommandRefused c => Is(c.Id) && Is(c.Code),
            SessionEnded e => Is(e.Reason) && Is(e.ArchivedBy) && e.ArchiveReason is { Length: > 0 },
            MetadataPatch p => Fits(p.Set),
            StatePatch p => Fits(p.Set),
            MachineOpened m => m.Machine is { } machine && Is(machine.Id) && IsDocument(machine.Metadata) && IsDocument(m.RunnerState),
            MachinePatch m => Fits(m.Set) && (m.RunnerState is not { } state || IsDocument(state)),
            ProcessStarted p => Is(p.SessionId) && Is(p.StartedBy) && p.Pid > 0,
            ProcessDied p => Is(p.SessionId) && p.Pid > 0,
            ProcessStopped p => Is(p.SessionId) && p.Pid > 0 && Is(p.Reason) && Is(p.By) && Is(p.Why) && p.Outcome is "accepted" or "terminated" or "killed" or "already_gone" or "still_alive",
            _ => true,
        };
        return valid ? new(fact, null, null) : new(null, "invalid_fact", "A member that this fact needs is missing or has another shape.");
    }

    // A NUL is no text for every database.
    private static bool Is(string? text) => text is { Length: > 0 and <= MaxId } && !text.Contains('\0', StringComparison.Ordinal);

    private static bool Fits(IReadOnlyDictionary<string, RawJson>? set) => set is null || set.Values.All(IsValue);

    private static bool IsValue(RawJson json)
    {
        try
        {
            JsonObjects.Node(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsDocument(RawJson json)
    {
        try
        {
            return JsonObjects.Node(json) is System.Text.Json.Nodes.JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsObject(RawJson json) => json.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
}
