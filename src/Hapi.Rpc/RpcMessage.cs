using System.Text.Json;

namespace Hapi.Rpc;

internal enum RpcMessageKind
{
    Noise,
    Request,
    Notification,
    Answer,
}

/// <summary>
/// Where the parts of one message lie in its bytes. Total: whatever arrives is one of the four kinds, and noise is never fatal.
/// An id of any JSON type is kept as its bytes and echoed, never interpreted.
/// </summary>
internal readonly record struct RpcMessage(RpcMessageKind Kind, string Method, Range Id, Range Params, Range Result, Range Error)
{
    /// <summary>How deep a message may nest: as deep as writers write.</summary>
    public const int MaxDepth = 1000;

    private static readonly RpcMessage s_noise = new(RpcMessageKind.Noise, "", default, default, default, default);

    public static RpcMessage Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Scan(utf8);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return s_noise;
        }
    }

    private static RpcMessage Scan(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return s_noise;
        }

        string? method = null;
        Range? id = null, parameters = null, result = null, error = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("method"u8) ? 'm'
                : reader.ValueTextEquals("id"u8) ? 'i'
                : reader.ValueTextEquals("params"u8) ? 'p'
                : reader.ValueTextEquals("result"u8) ? 'r'
                : reader.ValueTextEquals("error"u8) ? 'e' : ' ';
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (name is 'm')
            {
                method = reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
            var span = start..(int)reader.BytesConsumed;
            switch (name)
            {
                case 'i': id = span; break;
                case 'p': parameters = span; break;
                case 'r': result = span; break;
                case 'e': error = span; break;
            }
        }

        // The whole text must be one value, or it is not a message.
        reader.Read();
        if (error is { } e && utf8[e].SequenceEqual("null"u8))
        {
            error = null;
        }

        return (method, id) switch
        {
            ({ } m, { } i) => new(RpcMessageKind.Request, m, i, parameters ?? default, default, default),
            ({ } m, null) => new(RpcMessageKind.Notification, m, default, parameters ?? default, default, default),
            (null, { } i) when result is not null || error is not null => new(RpcMessageKind.Answer, "", i, default, result ?? default, error ?? default),
            _ => s_noise,
        };
    }
}
