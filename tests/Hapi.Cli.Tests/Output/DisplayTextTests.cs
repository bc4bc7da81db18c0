using Hapi.Output;

namespace Hapi.Cli.Tests.Output;

/// <summary>Text takes the columns that a terminal gives it.</summary>
public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("漢字かな", 8)]
    [InlineData("한국어", 6)]
    [InlineData("ＡＢ", 4)]
    [InlineData("🚀 ship", 7)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("❤️", 2)]
    [InlineData("e\u0301te\u0301", 3)]
    [InlineData("🇩🇪", 2)]
    [InlineData("", 0)]
    public void Wide_letters_and_pictures_count_two_and_marks_none(string text, int columns) => Assert.Equal(columns, DisplayText.Width(text));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly ten", 11, "exactly ten")]
    [InlineData("a little too long", 10, "a littl...")]
    [InlineData("漢字漢字漢字", 8, "漢字...")]
    [InlineData("x漢字漢字漢字", 8, "x漢字...")]
    [InlineData("🚀🚀🚀🚀", 7, "🚀🚀...")]
    [InlineData("abc", 2, "..")]
    public void What_is_too_long_is_cut_by_columns_never_in_a_letter(string text, int columns, string expected)
    {
        var fitted = DisplayText.Fit(text, columns);
        Assert.Equal(expected, fitted);
        Assert.True(DisplayText.Width(fitted) <= columns);
    }

    [Fact]
    public void A_column_has_its_width_whatever_stands_in_it() =>
        Assert.All(["a", "漢字", "🚀🚀🚀🚀🚀", "much longer than that"], text => Assert.Equal(8, DisplayText.Width(DisplayText.Column(text, 8))));

    [Fact]
    public void What_could_move_the_cursor_or_turn_the_line_around_is_a_space() => Assert.Equal("a b c [31m d", DisplayText.Plain("a\nb\tc\e[31m\u202e d\r\n"));
}
