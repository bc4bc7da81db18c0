using Hapi.Output;

namespace Hapi.Picker;

/// <summary>A list a person picks one line of: what is typed filters it, arrows move in it. It knows no terminal.</summary>
internal sealed class PickerState(string title, IReadOnlyList<PickerRow> rows, int height)
{
    private const int Frame = 8, FewestRows = 5, MostRows = 16;
    private List<PickerRow> _fitting = [.. rows];
    private int _selected, _top;

    public string Query { get; private set; } = "";

    /// <summary>The line the marker is on; <see langword="null"/> when nothing fits what was typed.</summary>
    public PickerRow? Selected => _fitting.ElementAtOrDefault(_selected);

    /// <summary>How many lines show at once.</summary>
    public int Visible { get; } = Math.Clamp(height - Frame, FewestRows, MostRows);

    /// <summary>Takes one key.</summary>
    public PickerOutcome Press(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { KeyChar: '\u0003' }:
                return PickerOutcome.Cancelled;
            case { Key: ConsoleKey.Escape } when Query.Length == 0:
                return PickerOutcome.Cancelled;
            case { Key: ConsoleKey.Escape }:
                Filter("");
                break;
            case { Key: ConsoleKey.Enter }:
                return Selected is null ? PickerOutcome.Open : PickerOutcome.Chosen;
            case { Key: ConsoleKey.UpArrow }:
                Move(_selected - 1);
                break;
            case { Key: ConsoleKey.DownArrow }:
                Move(_selected + 1);
                break;
            case { Key: ConsoleKey.PageUp }:
                Move(_selected - Visible);
                break;
            case { Key: ConsoleKey.PageDown }:
                Move(_selected + Visible);
                break;
            case { Key: ConsoleKey.Home }:
                Move(0);
                break;
            case { Key: ConsoleKey.End }:
                Move(_fitting.Count - 1);
                break;
            case { Key: ConsoleKey.Backspace } when Query.Length > 0:
                var last = char.IsLowSurrogate(Query[^1]) && Query.Length > 1 ? 2 : 1;
                Filter(Query[..^last]);
                break;
            case var typed when !char.IsControl(typed.KeyChar):
                Filter(Query + typed.KeyChar);
                break;
        }

        return PickerOutcome.Open;
    }

    /// <summary>What to show, from the top; no line is wider than <paramref name="width"/>.</summary>
    public IReadOnlyList<string> Lines(int width)
    {
        var shown = _fitting.Skip(_top).Take(Visible).Select((row, i) => Line(row, _top + i == _selected, width));
        var below = _fitting.Count == 0 ? "  Nothing fits." : _fitting.Count > Visible ? $"  {_selected + 1} of {_fitting.Count}" : "";
        return [DisplayText.Fit(title, width), DisplayText.Fit($"Filter: {Query}", width), "", .. shown, DisplayText.Fit(below, width), DisplayText.Fit("Enter takes it, Esc leaves.", width)];
    }

    private static string Line(PickerRow row, bool selected, int width)
    {
        var start = $"{(selected ? "> " : "  ")}{row.When,10}  {DisplayText.Column(row.Agent, 8)}  {DisplayText.Column(row.State, 13)}  ";
        return DisplayText.Shorten(start + DisplayText.Plain(row.Title), width);
    }

    private void Filter(string query)
    {
        Query = query;
        _fitting = [.. rows.Where(r => r.Search.Any(field => field.Contains(query, StringComparison.OrdinalIgnoreCase)))];
        Move(0);
    }

    private void Move(int to)
    {
        _selected = Math.Clamp(to, 0, Math.Max(0, _fitting.Count - 1));
        _top = Math.Clamp(_top, Math.Max(0, _selected - Visible + 1), _selected);
    }
}
