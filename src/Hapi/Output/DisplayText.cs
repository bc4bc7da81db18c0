using System.Globalization;
using System.Text;

namespace Hapi.Output;

/// <summary>Text as a terminal shows it: Chinese, Japanese and Korean letters and emoji take two columns, marks that lie on a letter none.</summary>
internal static class DisplayText
{
    private const string Cut = "...";

    // Unicode's East Asian Width W and F, and emoji that are shown as pictures, in coarse blocks.
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705),
        (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50),
        (0x2B55, 0x2B55), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18DFF), (0x1B000, 0x1B2FF),
        (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1E6, 0x1F1FF), (0x1F200, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA),
        (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440), (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A),
        (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4), (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6DF), (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7F0),
        (0x1F90C, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>How many columns it takes.</summary>
    public static int Width(string text) => Letters(text).Sum(LetterWidth);

    /// <summary>The text in at most <paramref name="columns"/>, with <c>...</c> where it was cut. Control characters, which could move the cursor, become spaces.</summary>
    public static string Fit(string text, int columns) => Shorten(Plain(text), columns);

    /// <summary>The same for a line that is plain already; its spaces stay.</summary>
    public static string Shorten(string plain, int columns)
    {
        if (Width(plain) <= columns)
        {
            return plain;
        }

        var room = columns - Cut.Length;
        if (room <= 0)
        {
            return Cut[..Math.Max(columns, 0)];
        }

        var kept = new StringBuilder();
        foreach (var letter in Letters(plain))
        {
            if ((room -= LetterWidth(letter)) < 0)
            {
                break;
            }

            kept.Append(letter);
        }

        return kept.Append(Cut).ToString();
    }

    /// <summary>The text in exactly <paramref name="columns"/>, filled with spaces behind it.</summary>
    public static string Column(string text, int columns)
    {
        var fitted = Fit(text, columns);
        return fitted + new string(' ', Math.Max(0, columns - Width(fitted)));
    }

    /// <summary>One line of what a terminal only shows: no control characters, white space as single spaces.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var shown = char.IsControl(c) || char.IsWhiteSpace(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' ? ' ' : c;
            if (shown != ' ' || (plain.Length > 0 && plain[^1] != ' '))
            {
                plain.Append(shown);
            }
        }

        return plain.ToString().TrimEnd();
    }

    // What a person calls a letter: an emoji of several characters is one.
    private static IEnumerable<string> Letters(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static int LetterWidth(string letter)
    {
        const char AsPicture = '\uFE0F';
        return letter.Contains(AsPicture, StringComparison.Ordinal) ? 2 : letter.EnumerateRunes().Max(RuneWidth);
    }

    private static int RuneWidth(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control ? 0
        : Array.Exists(s_wide, block => rune.Value >= block.First && rune.Value <= block.Last) ? 2
        : 1;
}
