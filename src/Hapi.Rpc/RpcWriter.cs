using System.Buffers;
using System.Text.Json;

namespace Hapi.Rpc;

/// <summary>Writes JSON-RPC messages, and reads errors back. Parameters and ids are written as the bytes they are.</summary>
internal static class RpcWriter
{
    public static byte[] Request(bool version, long id, string method, ReadOnlySpan<byte> parameters)
    {
        using var writer = Begin(version, parameters.Length, out var buffer);
        writer.WriteNumber("id"u8, id);
        writer.WriteString("method"u8, method);
        WriteRaw(writer, "params"u8, parameters);
        return End(writer, buffer);
    }

    public static byte[] Notification(bool version, string method, ReadOnlySpan<byte> parameters)
    {
        using var writer = Begin(version, parameters.Length, out var buffer);
        writer.WriteString("method"u8, method);
        WriteRaw(writer, "params"u8, parameters);
        return End(writer, buffer);
    }

    public static byte[] Result(bool version, ReadOnlySpan<byte> id, ReadOnlySpan<byte> result)
    {
        using var writer = Begin(version, result.Length, out var buffer);
        WriteRaw(writer, "id"u8, id);
        WriteRaw(writer, "result"u8, result.IsEmpty ? "null"u8 : result);
        return End(writer, buffer);
    }

    public static byte[] Error(bool version, ReadOnlySpan<byte> id, RpcException error)
    {
        using var writer = Begin(version, 128, out var buffer);
        WriteRaw(writer, "id"u8, id);
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        if (error.Kind is { } kind)
        {
            writer.WriteStartObject("data"u8);
            writer.WriteString("code"u8, kind);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        return End(writer, buffer);
    }

    public static RpcException ReadError(JsonElement error)
    {
        if (error.ValueKind is not JsonValueKind.Object)
        {
            return new RpcException(RpcException.InternalError, error.GetRawText());
        }

        var code = error.TryGetProperty("code"u8, out var c) && c.ValueKind is JsonValueKind.Number && c.TryGetInt32(out var number) ? number : RpcException.InternalError;
        var message = error.TryGetProperty("message"u8, out var m) && m.ValueKind is JsonValueKind.String ? m.GetString()! : error.GetRawText();
        var details = error.TryGetProperty("data"u8, out var d) ? d.GetRawText() : null;
        var kind = details is not null && d.ValueKind is JsonValueKind.Object
            && d.TryGetProperty("code"u8, out var k) && k.ValueKind is JsonValueKind.String ? k.GetString() : null;
        return new RpcException(code, message, kind, details);
    }

    private static Utf8JsonWriter Begin(bool version, int size, out ArrayBufferWriter<byte> buffer)
    {
        buffer = new ArrayBufferWriter<byte>(size + 96);
        var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        if (version)
        {
            writer.WriteString("jsonrpc"u8, "2.0"u8);
        }

        return writer;
    }

    private static byte[] End(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (!json.IsEmpty)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }
}
