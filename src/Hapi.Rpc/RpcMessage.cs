using System.Text.Json;

namespace Hapi.Rpc;

internal enum RpcMessageKind
{
    Noise,
    Request,
    Notification,
    Answer,

    /// <summary>It has an id, so somebody waits for an answer, but it is neither a request nor an answer.</summary>
    Invalid,
}

/// <summary>
/// Where the parts of one message lie in its bytes. Total: whatever arrives is one of the five kinds, and noise is never fatal.
/// An id of any JSON type is kept as its bytes and echoed, never interpreted.
/// </summary>
internal readonly record struct RpcMessage(RpcMessageKind Kind, string Method, Range Id, Range Params, Range Result, Range Error)
{
    private static readonly RpcMessage s_noise = new(RpcMessageKind.Noise, "", default, default, default, default);

    /// <param name="maxDepth">How deep it may nest. What a peer parses again later must allow the same.</param>
    public static RpcMessage Read(ReadOnlySpan<byte> utf8, int maxDepth = RpcPeerOptions.DefaultMaxDepth)
    {
        // The JSON reader looks only at the structure; a string of broken bytes would fail whoever reads it later.
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return s_noise;
        }

        try
        {
            return Scan(utf8, maxDepth);
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return s_noise;
        }
    }

    private static RpcMessage Scan(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
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
            (null, { } i) => new(RpcMessageKind.Invalid, "", i, default, default, default),
            _ => s_noise,
        };
    }
}
