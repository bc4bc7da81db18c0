using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hapi.Agents.Acp;

/// <summary>The parameters of what Hapi sends. Protocol version 1.</summary>
internal static class AcpMessages
{
    public const int ProtocolVersion = 1;
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly string s_version = typeof(AcpMessages).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>
    /// Files and terminals are not offered: agents work in the folder themselves, and where they are offered some go wrong (Gemini cannot write a new file).
    /// </summary>
    public static ReadOnlyMemory<byte> Initialize() => Write(static w =>
    {
        w.WriteNumber("protocolVersion"u8, ProtocolVersion);
        w.WriteStartObject("clientCapabilities"u8);
        w.WriteStartObject("fs"u8);
        w.WriteBoolean("readTextFile"u8, false);
        w.WriteBoolean("writeTextFile"u8, false);
        w.WriteEndObject();
        w.WriteBoolean("terminal"u8, false);
        w.WriteStartObject("_meta"u8);
        w.WriteBoolean("parameterizedModelPicker"u8, true);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteStartObject("clientInfo"u8);
        w.WriteString("name"u8, "hapi"u8);
        w.WriteString("title"u8, "Hapi"u8);
        w.WriteString("version"u8, s_version);
        w.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Authenticate(string methodId) => Write(w => w.WriteString("methodId"u8, methodId));

    /// <summary>Opens a conversation: a new one, or the one with the given id.</summary>
    public static ReadOnlyMemory<byte> Open(string directory, string? sessionId) => Write(w =>
    {
        if (sessionId is not null)
        {
            w.WriteString("sessionId"u8, sessionId);
        }

        w.WriteString("cwd"u8, directory);

        // Every agent demands the member, also when it is empty.
        w.WriteStartArray("mcpServers"u8);
        w.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> List(string directory) => Write(w => w.WriteString("cwd"u8, directory));

    public static ReadOnlyMemory<byte> Prompt(string sessionId, IReadOnlyList<PromptBlock> blocks) => Write(w =>
    {
        w.WriteString("sessionId"u8, sessionId);
        w.WriteStartArray("prompt"u8);
        foreach (var block in blocks)
        {
            w.WriteStartObject();
            if (block.Image is { } image)
            {
                w.WriteString("type"u8, "image"u8);
                w.WriteString("mimeType"u8, image.MimeType);
                w.WriteBase64String("data"u8, image.Bytes.Span);
            }
            else
            {
                w.WriteString("type"u8, "text"u8);
                w.WriteString("text"u8, block.Text);
            }

            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> Session(string sessionId) => Write(w => w.WriteString("sessionId"u8, sessionId));

    public static ReadOnlyMemory<byte> SetMode(string sessionId, string modeId) => Write(w =>
    {
        w.WriteString("sessionId"u8, sessionId);
        w.WriteString("modeId"u8, modeId);
    });

    public static ReadOnlyMemory<byte> SetModel(string sessionId, string modelId) => Write(w =>
    {
        w.WriteString("sessionId"u8, sessionId);
        w.WriteString("modelId"u8, modelId);
    });

    public static ReadOnlyMemory<byte> SetOption(string sessionId, string configId, string value) => Write(w =>
    {
        w.WriteString("sessionId"u8, sessionId);
        w.WriteString("configId"u8, configId);
        w.WriteString("value"u8, value);
    });

    /// <summary>Answers a permission request; without an option the request counts as cancelled.</summary>
    public static ReadOnlyMemory<byte> Outcome(PermissionAnswer answer) => Write(w =>
    {
        w.WriteStartObject("outcome"u8);
        w.WriteString("outcome"u8, answer.OptionId is null ? "cancelled"u8 : "selected"u8);
        if (answer.OptionId is { } option)
        {
            w.WriteString("optionId"u8, option);
        }

        w.WriteEndObject();
        if (answer.Answers is null && answer.Reason is null)
        {
            return;
        }

        w.WriteStartObject("_meta"u8);
        w.WriteStartObject("hapi"u8);
        if (answer.Answers is { } answers)
        {
            w.WritePropertyName("answers"u8);
            w.WriteRawValue(answers.Utf8.Span, skipInputValidation: true);
        }

        if (answer.Reason is { } reason)
        {
            w.WriteString("reason"u8, reason);
        }

        w.WriteEndObject();
        w.WriteEndObject();
    });

    internal static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var w = new Utf8JsonWriter(buffer, s_options))
        {
            w.WriteStartObject();
            members(w);
            w.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
