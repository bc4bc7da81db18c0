using Hapi.Output;
using Hapi.Picker;

namespace Hapi.Cli.Tests.Picker;

/// <summary>The picker, key by key.</summary>
public sealed class PickerStateTests
{
    private static readonly PickerRow[] s_rows =
    [
        new("1", "now", "claude", "idle", "Fix the login", ["Fix the login", "/srv/shop", "claude"]),
        new("2", "5m ago", "demo", "ended", "漢字 rocket 🚀", ["漢字 rocket 🚀", "/srv/rocket", "demo"]),
        new("3", "2h ago", "acp", "working", "Write tests", ["Write tests", "/srv/shop", "acp"]),
    ];

    private readonly PickerState _picker = new("Which?", s_rows, 24);

    [Fact]
    public void What_is_typed_filters_by_every_field_whatever_the_case()
    {
        Type("SHOP");
        Assert.Equal("1", _picker.Selected?.Id);
        Press(ConsoleKey.DownArrow);
        Assert.Equal("3", _picker.Selected?.Id);
        Type("x");
        Assert.Null(_picker.Selected);
        Assert.Equal(PickerOutcome.Open, Press(ConsoleKey.Enter));
        Press(ConsoleKey.Backspace);
        Assert.Equal("SHOP", _picker.Query);
        Assert.Equal(PickerOutcome.Chosen, Press(ConsoleKey.Enter));
    }

    [Fact]
    public void Escape_clears_the_filter_and_leaves_when_there_is_none()
    {
        Type("rocket");
        Assert.Equal(PickerOutcome.Open, Press(ConsoleKey.Escape));
        Assert.Equal("", _picker.Query);
        Assert.Equal(PickerOutcome.Cancelled, Press(ConsoleKey.Escape));
    }

    [Fact]
    public void Ctrl_C_leaves_whatever_was_typed()
    {
        Type("rocket");
        Assert.Equal(PickerOutcome.Cancelled, _picker.Press(new ConsoleKeyInfo('\u0003', ConsoleKey.C, false, false, control: true)));
    }

    [Fact]
    public void The_marker_stops_at_both_ends()
    {
        Press(ConsoleKey.UpArrow);
        Assert.Equal("1", _picker.Selected?.Id);
        Press(ConsoleKey.End);
        Press(ConsoleKey.DownArrow);
        Assert.Equal("3", _picker.Selected?.Id);
        Press(ConsoleKey.Home);
        Assert.Equal("1", _picker.Selected?.Id);
    }

    [Fact]
    public void A_letter_of_two_halves_is_taken_back_whole()
    {
        Type("🚀");
        Assert.Equal("2", _picker.Selected?.Id);
        Press(ConsoleKey.Backspace);
        Assert.Equal("", _picker.Query);
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(24, 16)]
    [InlineData(20, 12)]
    [InlineData(100, 16)]
    public void As_many_rows_show_as_the_terminal_has_room_for(int height, int rows) => Assert.Equal(rows, new PickerState("", s_rows, height).Visible);

    [Fact]
    public void A_long_list_scrolls_with_the_marker()
    {
        var picker = new PickerState("Which?", [.. Enumerable.Range(0, 50).Select(i => new PickerRow($"{i}", "now", "demo", "idle", $"row {i}.", [$"row {i}."]))], 13);
        picker.Press(Key(ConsoleKey.PageDown));
        picker.Press(Key(ConsoleKey.PageDown));
        Assert.Equal("10", picker.Selected?.Id);
        var lines = picker.Lines(80);
        Assert.Contains(lines, l => l.StartsWith('>') && l.EndsWith("row 10.", StringComparison.Ordinal));
        Assert.Equal(5, lines.Count(l => l.EndsWith('.') && l.Contains("row", StringComparison.Ordinal)));
        picker.Press(Key(ConsoleKey.PageUp));
        Assert.Contains(picker.Lines(80), l => l.StartsWith('>') && l.EndsWith("row 5.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    public void No_line_is_wider_than_the_terminal(int width) => Assert.All(_picker.Lines(width), line => Assert.True(DisplayText.Width(line) <= width, line));

    private void Type(string text) => Assert.All(text, c => _picker.Press(new ConsoleKeyInfo(c, default, false, false, false)));

    private PickerOutcome Press(ConsoleKey key) => _picker.Press(Key(key));

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);
}
