using System.Buffers.Text;

namespace Hapi.Rpc;

/// <summary>
/// JSON may spell half of a surrogate pair (<c>"\ud83d"</c>): a program that cut a text in the middle of an emoji writes one. It is no text,
/// and whoever reads the string here would fail on it. Each such half becomes U+FFFD, which is spelled with as many bytes.
/// </summary>
internal static class HalfPairs
{
    private const int Spelled = 6;

    /// <summary>Gives the message itself when all its pairs are whole, otherwise a mended copy.</summary>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> json)
    {
        if (!HasSurrogates(json.Span))
        {
            return json;
        }

        var copy = json.ToArray();
        MendInPlace(copy);
        return copy;
    }

    public static void MendInPlace(Span<byte> json)
    {
        if (!HasSurrogates(json))
        {
            return;
        }

        for (var rest = json; rest.IndexOf((byte)'\\') is >= 0 and var at;)
        {
            rest = rest[at..];
            var unit = Unit(rest);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(Unit(rest[Spelled..])))
            {
                rest = rest[(2 * Spelled)..];
                continue;
            }

            if (char.IsSurrogate(unit))
            {
                "fffd"u8.CopyTo(rest[2..]);
            }

            // An escaped backslash is two bytes; its second begins nothing.
            rest = rest[Math.Min(2, rest.Length)..];
        }
    }

    private static bool HasSurrogates(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    // The code unit that an escape at the beginning spells; 0 when there is none.
    private static char Unit(ReadOnlySpan<byte> json) =>
        json.Length >= Spelled && json.StartsWith("\\u"u8) && Utf8Parser.TryParse(json[2..Spelled], out ushort unit, out var read, 'x') && read == 4 ? (char)unit : '\0';
}
