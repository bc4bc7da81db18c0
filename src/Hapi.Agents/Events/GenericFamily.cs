using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hapi.Contracts;

namespace Hapi.Agents.Events;

/// <summary>
/// Writes what an agent settled as the envelope that is stored and shown: content in the family <c>codex</c>, which every agent shares
/// (the name is historic), and status lines in the family <c>event</c>. Strings over the limit of the link are cut.
/// </summary>
public sealed class GenericFamily
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly TimeProvider _time;
    private readonly Func<string> _newId;

    public GenericFamily(TimeProvider time)
        : this(time, () => Guid.CreateVersion7(time.GetUtcNow()).ToString())
    {
    }

    internal GenericFamily(TimeProvider time, Func<string> newId) => (_time, _newId) = (time, newId);

    /// <summary>Gives one whole envelope, or <see langword="null"/> when the event changes the session and is no row of the chat.</summary>
    public RawJson? Write(AgentEvent e)
    {
        if (StatusLines.Shows(e) && e.Run is null)
        {
            return Envelope(w => StatusLine(w, e));
        }

        if (e.Run is { } run && GenericContent.Has(e))
        {
            // Its tokens count as a row of their own, marked as a child's, and a sub-agent's sub-agent has a card of its own; all else it says is a trace on its card.
            return e is UsageCounted or RunStarted or RunUpdated ? Content(w => GenericContent.Write(w, e, _newId(), Now)) : Content(w => Trace(w, e, run));
        }

        if (e.Run is { } silent && StatusLines.Activity(e) is { } activity)
        {
            return Content(w => GenericContent.Write(w, new RunUpdated(silent, "running", activity), _newId(), Now));
        }

        return GenericContent.Has(e) ? Content(w => GenericContent.Write(w, e, _newId(), Now)) : null;
    }

    /// <summary>The row that names the conversation.</summary>
    public RawJson Title(string title) => Envelope(w =>
    {
        w.WriteStartObject("content"u8);
        w.WriteString("type"u8, "output"u8);
        w.WriteStartObject("data"u8);
        w.WriteString("type"u8, "summary"u8);
        w.WriteString("summary"u8, title);
        w.WriteString("leafUuid"u8, _newId());
        w.WriteEndObject();
        w.WriteEndObject();
        Meta(w);
    });

    /// <summary>A status line of the session itself: <c>ready</c>, <c>switch</c>, <c>abort-restore</c>, ….</summary>
    public RawJson Event(string type, params ReadOnlySpan<(string Name, string Value)> members)
    {
        var copy = members.ToArray();
        return Envelope(w =>
        {
            w.WriteStartObject("content"u8);
            w.WriteString("id"u8, _newId());
            w.WriteString("type"u8, "event"u8);
            w.WriteStartObject("data"u8);
            w.WriteString("type"u8, type);
            foreach (var (name, value) in copy)
            {
                w.WriteString(name, LongText.Cut(value));
            }

            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void StatusLine(Utf8JsonWriter w, AgentEvent e)
    {
        w.WriteStartObject("content"u8);
        w.WriteString("id"u8, _newId());
        w.WriteString("type"u8, "event"u8);
        w.WriteStartObject("data"u8);
        StatusLines.Write(w, e);
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private void Trace(Utf8JsonWriter w, AgentEvent e, string run)
    {
        w.WriteString("type"u8, "agent-run-trace"u8);
        w.WriteString("agentId"u8, run);
        w.WriteString("cardId"u8, run);
        w.WriteStartObject("message"u8);
        GenericContent.Write(w, e, _newId(), Now);
        w.WriteEndObject();
        w.WriteString("id"u8, _newId());
    }

    private static RawJson Content(Action<Utf8JsonWriter> data) => Envelope(w =>
    {
        w.WriteStartObject("content"u8);
        w.WriteString("type"u8, "codex"u8);
        w.WriteStartObject("data"u8);
        data(w);
        w.WriteEndObject();
        w.WriteEndObject();
        Meta(w);
    });

    private static void Meta(Utf8JsonWriter w)
    {
        w.WriteStartObject("meta"u8);
        w.WriteString("sentFrom"u8, "cli"u8);
        w.WriteEndObject();
    }

    private static RawJson Envelope(Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var w = new Utf8JsonWriter(buffer, s_options))
        {
            w.WriteStartObject();
            w.WriteString("role"u8, "agent"u8);
            rest(w);
            w.WriteEndObject();
        }

        return new RawJson(buffer.WrittenMemory);
    }
}
